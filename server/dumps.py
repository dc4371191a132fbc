"""Dumps: the published files over HTTP, whole or in parts, each with what is needed to check it.

A file that ends in `.gz` is sent as what it is, `application/gzip`, and never as `Content-Encoding: gzip` of
something else: clients would unpack it on the way, and its size, hash and ranges would be those of no file.
"""

import base64
import difflib
import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from ontology.errors import NotFound, PublicationRunning, RangeNotSatisfiable
from server.errors import problem
from server.publication import WHOLE, DumpFile, Manifest, latest, manifest
from server.publishing import is_running

_METHODS = ("GET", "HEAD", "OPTIONS")
_SENT_AS = {"gzip": "application/gzip", "zip": "application/zip"}

# A dump is another one tomorrow under the same address; and nobody on the way may pack it once more.
_CACHING = "no-cache, no-transform"

# What RFC 9110, section 14.1.1, calls a ranges-specifier of bytes; all else is passed over (section 14.2).
_RANGES = re.compile(r"bytes=[ \t]*(?:\d+-\d*|-\d+)(?:[ \t]*,[ \t]*(?:\d+-\d*|-\d+))*[ \t]*")


def _published(request: Request) -> Manifest:
    found = manifest(request.app.state.publication_folder)
    if found is None and is_running(request.app.state.publication_folder):
        raise PublicationRunning("the first dumps are being written", "Ask again in some minutes.")
    if found is None:
        raise NotFound("nothing is published yet", "Run `compactgraph publish`.")
    return found


def _tag(file: DumpFile) -> str:
    return f'"{file.sha256}"'


def _file_name(file: DumpFile, version: int) -> str:
    """The name that a download is saved under, which says what it is of and of when."""
    ending = file.path.rpartition("/")[2].partition(".")[2]
    of = "" if file.collection == WHOLE else f"-{file.collection}"
    return f"compactgraph-{version}{of}.{ending}"


def _headers(file: DumpFile, found: Manifest) -> dict[str, str]:
    at = datetime.fromisoformat(found.publication.at)
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": _CACHING,
        "Content-Disposition": f'attachment; filename="{_file_name(file, found.publication.version)}"',
        "ETag": _tag(file),
        "Last-Modified": format_datetime(at, usegmt=True),
        # Of the whole file, also where only a part is sent (RFC 9530, section 3).
        "Repr-Digest": f"sha-256=:{digest}:",
    }


def _is_known(request: Request, file: DumpFile) -> bool:
    """Whether the client holds this file already (RFC 9110, section 13.1.2)."""
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    return _tag(file) in known or "*" in known


def _followed(request: Request, file: DumpFile) -> list[str] | None:
    """The parts that a Range header asks for and that there are; None where it is not to be followed.

    A time in If-Range is not believed: two snapshots may be of one second, and parts of both would be put
    together. Only the tag says that the rest belongs to what the client has (RFC 9110, section 13.1.5).
    """
    asked, of = request.headers.get("range", ""), request.headers.get("if-range")
    if request.method != "GET" or not _RANGES.fullmatch(asked) or of not in (None, _tag(file)):
        return None
    parts = [(first, last) for first, last in re.findall(r"(\d*)-(\d*)", asked)]
    if any(first and last and int(first) > int(last) for first, last in parts):
        return None
    there = [(int(first) < file.size) if first else int(last) > 0 for first, last in parts]
    return [f"{first}-{last}" for (first, last), is_there in zip(parts, there, strict=True) if is_there]


def _with_range(request: Request, parts: list[str] | None) -> None:
    """Put what is to be followed in the place of the Range header."""
    headers = [
        (name, value) for name, value in request.scope["headers"] if name not in (b"range", b"if-range")
    ]
    if parts is not None:
        headers.append((b"range", f"bytes={','.join(parts)}".encode()))
    request.scope["headers"] = headers


def _out_of_range(file: DumpFile) -> Response:
    error = RangeNotSatisfiable(
        f"{file.path} has {file.size} bytes, and none of them was asked for",
        "Ask for less, or for all of it.",
    )
    return problem(error, {"Content-Range": f"bytes */{file.size}"})


def dump(request: Request) -> Response:
    """One published file."""
    found, path = _published(request), request.url.path
    files = {each.path: each for each in found.publication.files}
    if (file := files.get(path)) is None:
        close = difflib.get_close_matches(path, files, 1)
        raise NotFound(f"there is no {path}", f"{f'Did you mean {close[0]}? ' if close else ''}See /dump.")
    headers = _headers(file, found)
    if _is_known(request, file):
        return Response(status_code=304, headers=headers)
    parts = _followed(request, file)
    if parts == []:
        return _out_of_range(file)
    _with_range(request, parts)
    place = found.place(request.app.state.publication_folder, file)
    return FileResponse(place, headers=headers, media_type=_SENT_AS[file.compression or "gzip"])


def _listed(file: DumpFile, base: str) -> dict[str, Any]:
    return {
        "collection": file.collection,
        "format": file.format,
        "mediaType": file.media_type,
        "compression": file.compression,
        "url": f"{base}{file.path}",
        "byteSize": file.size,
        "sha256": file.sha256,
    }


def listing(request: Request) -> Response:
    """All files of the publication, with the data version that they are of; none before the first one."""
    publication, base = latest(request.app.state.publication_folder), request.app.state.iris.base
    body = {
        "dataVersion": publication and str(publication.version),
        "updatedAt": publication and publication.at,
        "files": [_listed(each, base) for each in publication.files] if publication else [],
    }
    return _of_publication(request, orjson.dumps(body, option=orjson.OPT_INDENT_2), "application/json")


def checksums(request: Request) -> Response:
    """The checksums of all files, as `sha256sum --check` reads them beside files named as the addresses."""
    files = _published(request).publication.files
    body = "".join(f"{each.sha256}  {each.path.removeprefix('/')}\n" for each in files)
    return _of_publication(request, body.encode(), "text/plain")


def _of_publication(request: Request, body: bytes, media_type: str) -> Response:
    headers = {"Cache-Control": "no-cache", "ETag": f'"{sha256(body).hexdigest()}"'}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _route(path: str, answer: Callable[[Request], Response], name: str) -> Route:
    def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(_METHODS)})
        return answer(request)

    return Route(path, endpoint, methods=_METHODS, name=name)


#: Everything that is published as files.
routes: list[Route] = [
    _route("/dump", listing, "dumps"),
    _route("/dump/SHA256SUMS", checksums, "dump-checksums"),
    _route("/dump.{format}", dump, "dump-of-all"),
    _route("/dump/{name:path}", dump, "dump-of-collection"),
]
