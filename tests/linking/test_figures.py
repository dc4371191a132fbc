"""The page about the method shows what is measured, and what it shows is what holds now."""

import hashlib
import json
import re
from pathlib import Path

from rdflib import Graph

from ontology.linking.grounds import grounded
from ontology.linking.lexicon import lexicon, lexicon_graph
from ontology.terms import INTERNAL
from server.method import FIGURES
from tests.linking import derived
from tests.linking.figures import measured
from tests.serving import Service

GUIDE = Path(__file__).parents[2] / "docs" / "linking.md"


def test_the_figures_that_are_shown_are_those_of_this_lexicon() -> None:
    shown = [json.loads(line) for line in FIGURES.read_text(encoding="utf-8").splitlines()]
    assert shown == measured(), (
        "run python -m tests.linking.figures, and look at the figures in docs/linking.md"
    )


def test_the_guide_tells_how_often_what_follows_over_the_crosswalk_is_a_label() -> None:
    (objectives, others), (goals, rest) = (derived.measured()[scheme] for scheme in ("gcm", "sdg"))
    guide = " ".join(GUIDE.read_text(encoding="utf-8").split())
    assert objectives == 0
    assert f"{goals} of {goals + rest} goals (those of targets) are labels" in guide
    assert f"of {objectives + others} objectives none is" in guide


def test_the_page_says_version_figures_and_limits(sample: Service) -> None:
    answer = sample.client.get("/about/method")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    said = ("whose topics nobody", "about one in eight", "<h2>Limits</h2>", "not calibrated")
    assert "/about/lexicon" in answer.text
    for words in (lexicon().version, *said):
        assert words in answer.text


def test_the_page_of_the_lexicon_has_every_rule_with_ways_that_lead_somewhere(sample: Service) -> None:
    answer = sample.client.get("/about/lexicon")
    assert answer.status_code == 200
    places = re.findall(r'<tr id="([^"]+)">', answer.text)
    assert sorted(places) == sorted(grounded())
    codebook = sample.client.get("/about/codebook.html?lang=en").text
    cited = set(re.findall(r'/about/codebook#([^"]+)"', answer.text))
    assert cited == {rule for each in grounded().values() for rule in each.grounds}
    assert all(f'id="{each}"' in codebook for each in cited)
    for path in set(re.findall(r'href="[a-z]+://[^/"]+(/(?:objective|sdg)/[^"]+)"', answer.text)):
        assert sample.client.get(path).status_code == 200


def test_the_lexicon_is_had_as_data_and_its_version_is_the_hash_of_it(sample: Service) -> None:
    answer = sample.client.get("/about/lexicon.ttl")
    assert answer.headers["content-type"].startswith("text/turtle")
    digest = hashlib.sha256(answer.content.partition(b"\n")[2]).hexdigest()
    assert lexicon().version.endswith(f"+{digest[:12]}")
    base = str(sample.client.base_url).rstrip("/")
    held = {tuple(str(each).replace(INTERNAL, base) for each in triple) for triple in lexicon_graph()}
    assert {tuple(map(str, triple)) for triple in Graph().parse(data=answer.text, format="turtle")} == held


def test_the_address_of_a_rule_leads_to_where_it_stands(sample: Service) -> None:
    answer = sample.client.get("/id/lexicon/trafficking", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/about/lexicon#trafficking")
    assert sample.client.get("/id/lexicon/nothing").json()["code"] == "NOT_FOUND"
