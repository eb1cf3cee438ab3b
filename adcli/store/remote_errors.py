"""What errors of fsspec and of the libraries below it mean, as an OSError with one line."""

from __future__ import annotations

from http import HTTPStatus

from ..errors import one_line

LONGEST = 200  # characters of a message of a library
NO_CREDENTIALS = "there are no credentials for it; set them as for the store's own tools"
CREDENTIALS = ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "DefaultCredentialsError")
RECENT = ("FileExpired",)  # raised if an object has changed between two requests


def as_os_error(error: Exception) -> OSError:
    """Return an OSError with one line that says what an error of a library means.

    >>> as_os_error(FileNotFoundError("bucket/a.csv"))
    FileNotFoundError(2, 'No such file')
    """
    causes = [error]
    while isinstance(causes[-1].__cause__, Exception) and len(causes) < 9:
        causes.append(causes[-1].__cause__)
    names = {base.__name__ for cause in causes for base in type(cause).__mro__}
    if names & {*CREDENTIALS}:
        return PermissionError(13, NO_CREDENTIALS)
    if names & {*RECENT}:
        return OSError(5, "it has changed while it was read")
    last = causes[-1]
    status = next(filter(None, map(_http_status, causes)), 0)
    text = one_line(str(last)).strip()[:LONGEST] or type(last).__name__
    if any("Timeout" in name for name in names):
        return TimeoutError(110, "it does not answer in time")
    if status == HTTPStatus.NOT_FOUND or (isinstance(last, FileNotFoundError) and not status):
        return FileNotFoundError(2, text if "bucket does not exist" in text else "No such file")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or isinstance(last, PermissionError):
        return PermissionError(13, f"access is denied ({_title(status) or text})")
    if status:
        return OSError(5, f"the server answers {_title(status)}")
    if isinstance(last, NotImplementedError):
        text = "this store cannot do that"
    return OSError(5, text)


def _http_status(error: Exception) -> int:
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
