"""What errors of fsspec and of the libraries below it mean, as an OSError with one line."""

from __future__ import annotations

from errno import EACCES, EIO, ENOENT, ETIMEDOUT
from http import HTTPStatus

from ..errors import one_line

LONGEST = 200  # characters of a message of a library
# What errors of these names mean. The libraries define classes of their own.
MEANINGS = (
    (("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "DefaultCredentialsError"),
     EACCES, "there are no credentials for it; set them as for the store's own tools"),
    (("FileExpired",), EIO, "it has changed while it was read"),  # between two requests
    (("ClientPayloadError", "IncompleteRead", "IncompleteReadError", "ResponseStreamingError"),
     EIO, "the connection ended before the file did"),
    (("TooManyRedirects", "RedirectClientError"), EIO, "the server redirects to no file"),
)  # fmt: skip


def as_os_error(error: Exception) -> OSError:
    """Return an OSError with one line that says what an error of a library means.

    >>> as_os_error(FileNotFoundError("bucket/a.csv"))
    FileNotFoundError(2, 'No such file')
    """
    causes = _causes(error)
    last = causes[-1]
    names = {base.__name__ for cause in causes for base in type(cause).__mro__}
    for kinds, number, meaning in MEANINGS:
        if names & {*kinds}:
            return OSError(number, meaning)
    status = next(filter(None, map(_http_status, causes)), 0)
    text = _message(last)
    if any("Timeout" in name for name in names):
        return TimeoutError(ETIMEDOUT, "it does not answer in time")
    host = next((cause.host for cause in causes if hasattr(cause, "host")), None)
    if host is not None and isinstance(last, OSError):  # of aiohttp
        return OSError(EIO, f"cannot connect to {host}")
    if status == HTTPStatus.NOT_FOUND or (isinstance(last, FileNotFoundError) and not status):
        return FileNotFoundError(ENOENT, text if "bucket" in text.split() else "No such file")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or isinstance(last, PermissionError):
        return PermissionError(EACCES, f"access is denied ({_title(status) or text})")
    if status:
        return OSError(EIO, f"the server answers {_title(status)}")
    if isinstance(last, NotImplementedError):
        text = "this store cannot do that"
    return OSError(EIO, text)


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and its causes. A slip of a library while it treats an error tells nothing, but that error."""
    causes = [error]
    while len(causes) < 9:
        is_slip = isinstance(causes[-1], LookupError | TypeError | AttributeError)
        cause = causes[-1].__cause__ or (causes[-1].__context__ if is_slip else None)
        if cause is None:
            break
        causes.append(cause)
    return causes


def _message(error: BaseException) -> str:
    """Return what an error says, or its kind if it says nothing."""
    response = getattr(error, "response", None)
    text = response.get("Error", {}).get("Message") if isinstance(response, dict) else None  # of botocore
    return one_line(str(text or getattr(error, "strerror", None) or error)).strip()[:LONGEST] or type(error).__name__


def _http_status(error: BaseException) -> int:
    """Return the status of an answer that the libraries call an error, 0 if it is none."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # of botocore
        response = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    for status in (getattr(error, "status", None), getattr(error, "status_code", None), response):
        if isinstance(status, int) and 400 <= status < 600:
            return status
    return 0


def _title(status: int) -> str:
    """Return a status with its title, empty for none.

    >>> _title(503), _title(599)
    ('503 Service Unavailable', '599')
    """
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status or "")
