"""Catalogue: datasets, their distributions and the services, described as DCAT-AP 3.0.1 has it.

Statements are made of a few declared values; nothing here reads a database or a file of data. IRIs that
others keep (languages, themes, formats) come with the little that the shapes ask of them, so that a page of
the catalogue is valid by itself, with no list from elsewhere at hand.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import Literal, URIRef

from ontology.authorities import (
    CORPORATE_BODIES,
    COUNTRIES,
    EARTH,
    EU,
    FILE_TYPES,
    IANA,
    IRREGULAR,
    PROFILE,
    PUBLIC,
    REGISTERED,
    SHA256,
    STABLE,
    known_elsewhere,
    language_of,
    stable_order,
)
from ontology.coverage import Coverage
from ontology.graph import Triple
from ontology.iri import Iris
from ontology.terms import (
    CG,
    DCAT,
    DCATAP,
    DCTERMS,
    FOAF,
    HYDRA,
    INTERNAL,
    RDF,
    RDFS,
    SKOS,
    SPDX,
    VCARD,
    XSD,
)
from ontology.vocabularies import vocabulary

_PACKED = {
    "gzip": {"en": "packed with gzip", "fr": "comprimé avec gzip", "es": "comprimido con gzip"},
    "zip": {"en": "packed as zip", "fr": "comprimé en zip", "es": "comprimido en zip"},
}


@dataclass(frozen=True, slots=True)
class Publishing:
    """Who publishes, whom to write to, and under which licence (an IRI of the EU's list).

    A publisher that has no IRI elsewhere gets one here.
    """

    publisher: str
    email: str
    licence: str
    publisher_iri: str | None = None

    def agent(self, iris: Iris) -> URIRef:
        """The IRI of the publisher."""
        return URIRef(self.publisher_iri or f"{iris.base}/catalog#publisher")


@dataclass(frozen=True, slots=True)
class Distribution:
    """One way to have a dataset: a file with its size in bytes and SHA-256, or an address without them."""

    path: str
    format: str
    media_type: str
    compression: str | None = None
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """One published collection. `version` is the data version at which its content last changed.

    `places` are the IRIs of the countries that it is about; without any it is about the whole Earth.
    """

    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    version: int
    issued: str
    modified: str
    coverage: Coverage
    places: tuple[str, ...] = ()
    distributions: tuple[Distribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A data service: where it answers, and what describes it."""

    name: str
    endpoint: str
    description: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What holds for all that is catalogued: terms, times, and every dataset on whatever page."""

    iris: Iris
    terms: Publishing
    datasets: tuple[Dataset, ...]
    issued: str
    modified: str


@dataclass(frozen=True, slots=True)
class View:
    """One page of the catalogue: its own address and those around it, all in one format."""

    here: str
    first: str
    last: str
    previous: str | None
    next: str | None
    total: int


def _subject(kind: str, name: str, iris: Iris) -> URIRef:
    return URIRef(f"{iris.base}/{kind}/{name}")


def _texts(subject: URIRef, predicate: URIRef, text: Mapping[str, str]) -> Iterator[Triple]:
    yield from ((subject, predicate, Literal(words, lang=language)) for language, words in text.items())


def said(path: str, iris: Iris) -> list[Triple]:
    """What the catalogue's own vocabulary says of what is at a path, always in one order."""
    subject = URIRef(f"{INTERNAL}{path}")
    found = vocabulary("catalogue").predicate_objects(subject)
    return sorted(
        (
            (iris.term(subject), iris.term(predicate), iris.term(node) if isinstance(node, URIRef) else node)
            for predicate, node in found
            if isinstance(predicate, URIRef) and isinstance(node, (URIRef, Literal))
        ),
        key=stable_order,
    )


def words(path: str, predicate: URIRef) -> dict[str, str]:
    """The words by language that the catalogue's own vocabulary has for what is at a path."""
    texts = (node for _, stated, node in said(path, Iris(INTERNAL)) if stated == predicate)
    return {str(each.language): str(each) for each in texts if isinstance(each, Literal)}


def keywords(name: str, language: str) -> list[str]:
    """The keywords of a dataset in one language."""
    texts = (node for _, stated, node in said(f"/dataset/{name}", Iris(INTERNAL)) if stated == DCAT.keyword)
    return [str(each) for each in texts if isinstance(each, Literal) and each.language == language]


def _moment(value: str) -> Literal:
    return Literal(value, datatype=XSD.dateTime, normalize=False)


def _languages(subject: URIRef, tags: Iterable[str]) -> Iterator[Triple]:
    for tag in sorted(tags):
        if (known := language_of(tag)) is not None:
            yield subject, DCTERMS.language, known


def _responsible(subject: URIRef, terms: Publishing, iris: Iris) -> Iterator[Triple]:
    """Who publishes something and whom to ask, the same for all that is catalogued."""
    yield subject, DCTERMS.publisher, terms.agent(iris)
    yield subject, DCAT.contactPoint, URIRef(f"{iris.base}/catalog#contact")
    yield subject, DCTERMS.identifier, Literal(str(subject))


def _document(subject: URIRef, predicate: URIRef, address: str) -> Iterator[Triple]:
    document = URIRef(address)
    yield subject, predicate, document
    yield document, RDF.type, FOAF.Document


def _period(subject: URIRef, dataset: Dataset) -> Iterator[Triple]:
    """The years that the records speak of; without any, the time since which the dataset has been issued."""
    period, covered = URIRef(f"{subject}#period"), dataset.coverage
    begin = dataset.issued[:10] if covered.first is None else f"{covered.first:04}-01-01"
    yield subject, DCTERMS.temporal, period
    yield period, RDF.type, DCTERMS.PeriodOfTime
    yield period, DCAT.startDate, Literal(begin, datatype=XSD.date, normalize=False)
    if covered.last is not None:
        yield period, DCAT.endDate, Literal(f"{covered.last:04}-12-31", datatype=XSD.date, normalize=False)


def _places(subject: URIRef, places: Iterable[str]) -> Iterator[Triple]:
    for place in map(URIRef, sorted(places)):
        yield subject, DCTERMS.spatial, place
        yield place, RDF.type, DCTERMS.Location
        if place.startswith(COUNTRIES):
            yield place, SKOS.inScheme, URIRef(COUNTRIES[:-1])


def _media_type(subject: URIRef, predicate: URIRef, media_type: str) -> Iterator[Triple]:
    listed = URIRef(f"{IANA}{media_type}")
    yield subject, predicate, listed
    yield listed, RDF.type, DCTERMS.MediaType


def _titles(dataset: Dataset, each: Distribution) -> tuple[dict[str, str], dict[str, str]]:
    name = FILE_TYPES[each.format][1]
    packed = _PACKED.get(each.compression or "", {})
    described = {language: f"{name}, {packed[language]}" if packed else name for language in dataset.title}
    return {language: f"{title} ({name})" for language, title in dataset.title.items()}, described


def _file(subject: URIRef, each: Distribution, iris: Iris) -> Iterator[Triple]:
    yield subject, DCAT.downloadURL, URIRef(f"{iris.base}{each.path}")
    yield subject, DCAT.byteSize, Literal(str(each.size), datatype=XSD.nonNegativeInteger, normalize=False)
    checksum = URIRef(f"{subject}.sha256")
    yield subject, SPDX.checksum, checksum
    yield checksum, RDF.type, SPDX.Checksum
    yield checksum, SPDX.algorithm, SHA256
    yield checksum, SPDX.checksumValue, Literal(each.sha256, datatype=XSD.hexBinary, normalize=False)


def _distribution(dataset: Dataset, each: Distribution, terms: Publishing, iris: Iris) -> Iterator[Triple]:
    whole = _subject("dataset", dataset.name, iris)
    subject = URIRef(f"{whole}#{each.path.rpartition('/')[2]}")
    titles, described = _titles(dataset, each)
    yield whole, DCAT.distribution, subject
    yield subject, RDF.type, DCAT.Distribution
    yield subject, DCTERMS.identifier, Literal(str(subject))
    yield from _texts(subject, DCTERMS.title, titles)
    yield from _texts(subject, DCTERMS.description, described)
    yield subject, DCAT.accessURL, URIRef(f"{iris.base}{each.path}")
    if each.sha256 is not None:
        yield from _file(subject, each, iris)
    yield subject, DCTERMS.format, URIRef(f"{EU}file-type/{FILE_TYPES[each.format][0]}")
    media_type = each.media_type if each.media_type in REGISTERED else "text/plain"
    yield from _media_type(subject, DCAT.mediaType, media_type)
    if each.compression == "zip":
        yield from _media_type(subject, DCAT.packageFormat, "application/zip")
    elif each.compression:
        yield from _media_type(subject, DCAT.compressFormat, f"application/{each.compression}")
    yield subject, DCTERMS.license, URIRef(terms.licence)
    yield subject, DCTERMS.rights, URIRef(f"{iris.base}/catalog#rights")
    yield subject, DCATAP.availability, STABLE
    yield from _languages(subject, dataset.coverage.languages)
    yield subject, DCTERMS.issued, _moment(dataset.issued)
    yield subject, DCTERMS.modified, _moment(dataset.modified)


def _named(dataset: Dataset, iris: Iris) -> Iterator[Triple]:
    """What is said of a dataset wherever it is named.

    Shapes find that it is a dataset by the class above its own; portals, which ask for `dcat:Dataset` itself,
    find it on no page but the one that describes it.
    """
    subject = _subject("dataset", dataset.name, iris)
    yield subject, RDF.type, iris.term(CG.Collection)
    yield from _texts(subject, DCTERMS.title, dataset.title)
    yield from _texts(subject, DCTERMS.description, dataset.description)


def _dataset(dataset: Dataset, terms: Publishing, iris: Iris) -> Iterator[Triple]:
    subject = _subject("dataset", dataset.name, iris)
    yield subject, RDF.type, DCAT.Dataset
    yield from _named(dataset, iris)
    yield from _responsible(subject, terms, iris)
    own = (DCTERMS.title, DCTERMS.description)
    yield from (each for each in said(f"/dataset/{dataset.name}", iris) if each[1] not in own)
    yield subject, DCAT.version, Literal(str(dataset.version))
    yield subject, DCTERMS.issued, _moment(dataset.issued)
    yield subject, DCTERMS.modified, _moment(dataset.modified)
    yield subject, DCTERMS.accrualPeriodicity, IRREGULAR
    yield subject, DCTERMS.accessRights, PUBLIC
    yield from _languages(subject, dataset.coverage.languages)
    yield from _period(subject, dataset)
    yield from _places(subject, dataset.places or (EARTH,))
    yield subject, DCTERMS.conformsTo, URIRef(f"{iris.base}/ns")
    yield URIRef(f"{iris.base}/ns"), RDF.type, DCTERMS.Standard
    yield from _document(subject, DCAT.landingPage, f"{subject}.html")
    for each in dataset.distributions:
        yield from _distribution(dataset, each, terms, iris)


def _service(service: Service, catalogue: Catalogue) -> Iterator[Triple]:
    iris, terms = catalogue.iris, catalogue.terms
    subject = _subject("service", service.name, iris)
    yield subject, RDF.type, DCAT.DataService
    yield from said(f"/service/{service.name}", iris)
    yield from _responsible(subject, terms, iris)
    yield subject, DCAT.endpointURL, URIRef(f"{iris.base}{service.endpoint}")
    yield subject, DCAT.endpointDescription, URIRef(f"{iris.base}{service.description}")
    yield subject, DCTERMS.license, URIRef(terms.licence)
    yield subject, DCTERMS.accessRights, PUBLIC
    yield from _document(subject, DCAT.landingPage, f"{subject}.html")
    for each in catalogue.datasets:
        yield subject, DCAT.servesDataset, _subject("dataset", each.name, iris)
        yield from _named(each, iris)


def _agents(terms: Publishing, iris: Iris) -> Iterator[Triple]:
    """What all that is catalogued refers to: who publishes, under which terms, and the class of datasets."""
    publisher = terms.agent(iris)
    yield publisher, RDF.type, FOAF.Agent
    if publisher.startswith(CORPORATE_BODIES):
        yield publisher, SKOS.inScheme, URIRef(CORPORATE_BODIES[:-1])
    yield publisher, FOAF.name, Literal(terms.publisher)
    contact = URIRef(f"{iris.base}/catalog#contact")
    yield contact, RDF.type, VCARD.Kind
    yield contact, RDF.type, VCARD.Organization
    yield contact, VCARD.fn, Literal(terms.publisher)
    yield contact, VCARD.hasEmail, URIRef(f"mailto:{terms.email}")
    yield from said("/catalog#rights", iris)
    # No label: where a licence has one, portals read it in place of the IRI and do not know it.
    yield URIRef(terms.licence), RDF.type, DCTERMS.LicenseDocument
    yield iris.term(CG.Collection), RDFS.subClassOf, DCAT.Dataset


def _catalogue(catalogue: Catalogue) -> Iterator[Triple]:
    iris, terms = catalogue.iris, catalogue.terms
    subject = URIRef(f"{iris.base}/catalog")
    yield subject, RDF.type, DCAT.Catalog
    yield from said("/catalog", iris)
    yield from _responsible(subject, terms, iris)
    yield subject, DCTERMS.license, URIRef(terms.licence)
    yield subject, DCTERMS.rights, URIRef(f"{iris.base}/catalog#rights")
    yield subject, DCTERMS.issued, _moment(catalogue.issued)
    yield subject, DCTERMS.modified, _moment(catalogue.modified)
    yield from _languages(subject, ("en", "fr", "es"))
    yield subject, DCTERMS.spatial, EARTH
    yield subject, DCTERMS.conformsTo, PROFILE
    yield subject, DCAT.themeTaxonomy, URIRef(f"{EU}data-theme")
    yield from _document(subject, FOAF.homepage, f"{iris.base}/")


def _view(view: View, iris: Iris) -> Iterator[Triple]:
    """Where this page stands among all (Hydra, partial collection views), in the format of the page."""
    whole, here = URIRef(f"{iris.base}/catalog"), URIRef(view.here)
    yield whole, HYDRA.view, here
    yield whole, HYDRA.totalItems, Literal(str(view.total), datatype=XSD.integer, normalize=False)
    yield here, RDF.type, HYDRA.PartialCollectionView
    yield here, HYDRA.first, URIRef(view.first)
    yield here, HYDRA.last, URIRef(view.last)
    if view.previous:
        yield here, HYDRA.previous, URIRef(view.previous)
    if view.next:
        yield here, HYDRA.next, URIRef(view.next)


def _whole(statements: Iterable[Triple], catalogue: Catalogue) -> list[Triple]:
    # A dataset may be named on the page that describes it.
    found = [*dict.fromkeys((*statements, *_agents(catalogue.terms, catalogue.iris)))]
    return [*found, *known_elsewhere(found)]


def one_dataset(dataset: Dataset, catalogue: Catalogue) -> list[Triple]:
    """The description of one dataset, for its own address."""
    return _whole(_dataset(dataset, catalogue.terms, catalogue.iris), catalogue)


def one_service(service: Service, catalogue: Catalogue) -> list[Triple]:
    """The description of one service, for its own address."""
    return _whole(_service(service, catalogue), catalogue)


def _entry(each: Dataset | Service, catalogue: Catalogue) -> Iterator[Triple]:
    iris, whole = catalogue.iris, URIRef(f"{catalogue.iris.base}/catalog")
    if isinstance(each, Dataset):
        yield whole, DCAT.dataset, _subject("dataset", each.name, iris)
        yield from _dataset(each, catalogue.terms, iris)
    else:
        yield whole, DCAT.service, _subject("service", each.name, iris)
        yield from _service(each, catalogue)


def page(entries: Iterable[Dataset | Service], view: View, catalogue: Catalogue) -> list[Triple]:
    """One page of the catalogue: what it says of itself, its entries whole, and where it stands among all.

    A service names every dataset that it serves, also those of other pages: harvesters join them at the end.
    """
    statements = [*_catalogue(catalogue)]
    for each in entries:
        statements += _entry(each, catalogue)
    return _whole([*statements, *_view(view, catalogue.iris)], catalogue)
