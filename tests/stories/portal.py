"""Portal: a harvester with a memory, which reads catalogue, dumps, feeds and documents, and hashes them."""

import gzip
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from httpx2 import Response
from rdflib import URIRef
from rdflib.namespace import RDF

from ontology.iri import Iris
from ontology.terms import DCAT, HYDRA, SPDX
from tests.graphs import Statement, read
from tests.replay import Harvester, Seen
from tests.serving import BASE
from tests.stories.nights import Identity

#: How a portal asks: an address and headers; redirects are told and not followed.
Get = Callable[[str, dict[str, str]], Response]

IRIS = Iris(BASE)
_DATASETS = f"{BASE}/dataset/"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class File:
    """A file as the catalogue tells it."""

    address: str
    sha256: str
    size: int

    @property
    def dataset(self) -> str:
        """The collection that it is of, by the name in its address."""
        _, _, name = self.address.removeprefix(BASE).partition("/dump/")
        return name.partition(".")[0] or "all"


@dataclass
class Portal:
    """What a portal remembers from night to night."""

    tags: dict[str, str] = field(default_factory=dict)
    pages: dict[str, set[Statement]] = field(default_factory=dict)
    datasets: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    documents: dict[Identity, str] = field(default_factory=dict)
    facts: dict[Identity, str] = field(default_factory=dict)
    feeds: dict[str, Harvester] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)

    def asked(self, get: Get, address: str) -> Response:
        """The answer to who says what he knows already; a tag must not change without the bytes."""
        tag = self.tags.get(address)
        answer = get(address, {"If-None-Match": tag} if tag else {})
        if answer.status_code != 304:
            assert not tag or answer.headers.get("etag") != tag
            self.tags[address] = answer.headers.get("etag", "")
        return answer

    # The catalogue

    def catalogue(self, get: Get) -> tuple[set[str], list[File]]:
        """The datasets that are described in other words than last night, and all files that there are."""
        pages = [*self._catalogue_pages(get)]
        everything = set[Statement]().union(*pages)
        described = [{s for s, p, o in page if (p, o) == (RDF.type, DCAT.Dataset)} for page in pages]
        names = sorted(str(each).removeprefix(_DATASETS) for some in described for each in some)
        assert len(names) == len(set(names)), "a dataset is described on two pages"
        found = {name: digest(_sorted(_about(everything, name))) for name in names}
        changed = {each for each in {*found, *self.datasets} if found.get(each) != self.datasets.get(each)}
        self.datasets = found
        return changed, [*_files(everything)]

    def _catalogue_pages(self, get: Get) -> Iterable[set[Statement]]:
        address: str | None = f"{BASE}/catalog.nt"
        while address is not None:
            answer = self.asked(get, address)
            if answer.status_code != 304:
                self.pages[address] = read(answer.content, "nt")
            page = self.pages[address]
            yield page
            address = next((str(o) for _, p, o in page if p == HYDRA.next), None)

    # Dumps

    def files_changed(self, get: Get, files: list[File]) -> set[File]:
        """The files that are others than last night, by their checksums; what was got is what was told."""
        changed = {each for each in files if self.files.get(each.address) != each.sha256}
        for each in changed:
            content = get(each.address, {}).content
            assert (digest(content), len(content)) == (each.sha256, each.size), each
            self.contents[each.address] = content
        self.files = {each.address: each.sha256 for each in files}
        return changed

    def check_all_files(self, get: Get, files: list[File]) -> None:
        """Nothing changes behind the back of the checksums."""
        for each in files:
            assert digest(get(each.address, {}).content) == each.sha256, each

    def lines(self, dataset: str) -> list[str]:
        """The exchange records that the portal holds of a dataset."""
        path = "/dump.jsonl.gz" if dataset == "all" else f"/dump/{dataset}.jsonl.gz"
        return gzip.decompress(self.contents[BASE + path]).decode().splitlines()

    # Documents

    def documents_changed(self, get: Get, things: list[Identity]) -> tuple[set[Identity], set[Identity]]:
        """The things whose documents are others than last night, and those whose facts in them are."""
        documents, facts = set[Identity](), set[Identity]()
        for each in things:
            answer = self.asked(get, f"{BASE}/{each[0]}/{each[1]}.nq")
            if answer.status_code == 304:
                continue
            leads = answer.headers.get("location", "")
            said = answer.text if answer.status_code == 200 else f"{answer.status_code} {leads}"
            own = "".join(line for line in said.splitlines(True) if f"<{IRIS.graph('facts')}> ." in line)
            for known, changed, text in ((self.documents, documents, said), (self.facts, facts, own)):
                if known.get(each) != digest(text.encode()):
                    changed.add(each)
                known[each] = digest(text.encode())
        return documents, facts

    # Feeds

    def members(self, get: Get, root: str) -> list[Seen]:
        """The new members of a feed."""
        if root not in self.feeds:
            self.feeds[root] = Harvester(get, f"{BASE}{root}")
        self.feeds[root].get = get
        return self.feeds[root].harvest()


def _about(statements: set[Statement], dataset: str) -> set[Statement]:
    """What is said of a dataset and of what belongs to it, such as its files."""
    subject = f"{_DATASETS}{dataset}"
    return {each for each in statements if str(each[0]) == subject or str(each[0]).startswith(f"{subject}#")}


def _sorted(statements: set[Statement]) -> bytes:
    return "\n".join(sorted(" ".join(node.n3() for node in each) for each in statements)).encode()


def _files(statements: set[Statement]) -> Iterable[File]:
    said = {(s, p): o for s, p, o in statements}
    for (subject, stated), address in said.items():
        if stated == DCAT.downloadURL:
            checksum = URIRef(said[subject, SPDX.checksum])
            told = str(said[checksum, SPDX.checksumValue])
            yield File(str(address), told, int(str(said[subject, DCAT.byteSize])))
