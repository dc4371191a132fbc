"""Harvest: the real harvesters of CKAN and udata, run against a running service."""
