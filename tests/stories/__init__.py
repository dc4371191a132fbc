"""Stories: in and out from outside, without mocks."""
