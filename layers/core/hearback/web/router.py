"""The one router, and what every route needs: the checked request, pages, answers after a change, form fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from hearback.model.errors import HearbackError, Permanent, status_of
from hearback.model.ids import Personal
from hearback.web import pages, rendering
from hearback.web.app import Asked, not_found, one_at_a_time
from hearback.web.notices import notice

router: Final = APIGatewayHttpResolver()
HTML: Final = "text/html; charset=utf-8"
CHANGED: Final = "hearback-changed"
TOLD: Final = "hearback-told"


def resolve(event: dict[str, Any], context: Any, asked: Asked) -> dict[str, Any]:
    """Answer one checked request."""
    router.append_context(asked=asked)  # type: ignore[no-untyped-call]
    return dict(router.resolve(event, context))


@router.exception_handler(HearbackError)  # type: ignore[untyped-decorator]
def _failed(error: HearbackError) -> Response[str]:
    from hearback.web.app import error_answer

    answer = error_answer(error, status_of(error), json=asked_now().json)
    return Response(answer["statusCode"], answer["headers"]["content-type"], answer["body"])


@router.not_found
def _nowhere(_error: Exception) -> Response[str]:
    answer: Response[str] = _failed(not_found())
    return answer


def asked_now() -> Asked:
    """The request being answered."""
    asked: Asked = router.context["asked"]
    return asked


@contextmanager
def meanwhile() -> Iterator[None]:
    """Let other requests be answered while this one waits for a provider. Afterwards it is the current one again."""
    asked, event, context = asked_now(), BaseRouter.current_event, BaseRouter.lambda_context
    one_at_a_time.release()
    try:
        yield
    finally:
        one_at_a_time.acquire()
        BaseRouter.current_event, BaseRouter.lambda_context = event, context
        router.append_context(asked=asked)  # type: ignore[no-untyped-call]


def page(template: str, *, status: int = 200, **values: Any) -> Response[str]:
    """A whole page: the template with what every frame shows."""
    asked = asked_now()
    frame = pages.common(asked.rooms, asked.who, asked.csrf)
    frame |= {"here": asked.here, "notice": notice(asked.query)}
    body = rendering.render(template, **frame, **values, live_url=asked.web.live_url or "/live", demo=asked.web.demo)
    return Response(status, HTML, body)


def done(back: str, *, did: str = "", act: str = "", leave: bool = False) -> Response[str]:
    """After a change: htmx refreshes what is shown, a plain form is sent back to its page.

    `did` (a code of web.notices) is told there, with an Undo of `act`. `leave`: what htmx shows is gone.
    """
    address = _with_notice(back, did, act)
    if not asked_now().htmx:
        return Response(303, HTML, "", headers={"location": address})
    if leave:
        return Response(204, HTML, "", headers={"hx-redirect": address})
    events = json.dumps({CHANGED: "", TOLD: {"did": did, "act": act}}) if did else CHANGED
    return Response(204, HTML, "", headers={"hx-trigger": events})


def _with_notice(back: str, did: str, act: str) -> str:
    if not did:
        return back
    path, hash_, anchor = back.partition("#")
    path, _, query = path.partition("?")
    kept = [pair for pair in parse_qsl(query) if pair[0] not in {"did", "act"}]
    told = [("did", did), *([("act", act)] if act else [])]
    return f"{path}?{urlencode([*kept, *told])}{hash_}{anchor}"


def back_to(otherwise: str) -> str:
    """The page of ours that a form is on; `otherwise` where it does not say, or says another site."""
    asked = asked_now()
    back = asked.here if asked.htmx else asked.form.get("back", "")
    ours = back.startswith("/") and not back.startswith("//") and back.isprintable() and "\\" not in back
    return back if ours else otherwise


def values(found: Any, *, status: int = 200) -> Response[str]:
    """An answer to a script."""
    return Response(status, "application/json", json.dumps(found))


def settled(said: str, batch: str, **more: Any) -> Response[str]:
    """To a script, after a change: what was done, what takes it back, what still waits, and the version of it all."""
    asked = asked_now()
    projections = asked.rooms.store.projections
    facts = [each.fact for each in projections.review(asked.who)]
    version = projections.version(asked.who)
    return values({"said": said, "undo": batch, "waiting": facts, "version": version, **more})


def text_of(name: str, most: int) -> Personal:
    """A filled-in form field, cut at `most` characters. Permanent: it is empty."""
    value = asked_now().form.get(name, "").strip()
    if not value:
        raise Permanent("There is nothing in that field yet.")
    return Personal(value[:most])


def one_of(choices: Any, value: str) -> Any:
    """`value` as one of `choices`. NotFound: it is none of them."""
    try:
        return choices(value)
    except ValueError:
        raise not_found() from None
