"""The one router, and what every route needs: the checked request, pages, answers after a change, form fields."""

from __future__ import annotations

from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from hearback.model.errors import HearbackError, Permanent, status_of
from hearback.model.ids import Personal
from hearback.web import pages, rendering
from hearback.web.app import Asked, not_found

router: Final = APIGatewayHttpResolver()
HTML: Final = "text/html; charset=utf-8"
CHANGED: Final = "hearback-changed"


def resolve(event: dict[str, Any], context: Any, asked: Asked) -> dict[str, Any]:
    """Answer one checked request."""
    router.append_context(asked=asked)  # type: ignore[no-untyped-call]
    return dict(router.resolve(event, context))


@router.exception_handler(HearbackError)  # type: ignore[untyped-decorator]
def _failed(error: HearbackError) -> Response[str]:
    from hearback.web.app import error_answer

    answer = error_answer(error, status_of(error), router.current_event.path)
    return Response(answer["statusCode"], answer["headers"]["content-type"], answer["body"])


@router.not_found
def _nowhere(_error: Exception) -> Response[str]:
    answer: Response[str] = _failed(not_found())
    return answer


def asked_now() -> Asked:
    """The request being answered."""
    asked: Asked = router.context["asked"]
    return asked


def page(template: str, *, status: int = 200, **values: Any) -> Response[str]:
    """A whole page: the template with what every frame shows."""
    asked = asked_now()
    frame = pages.common(asked.rooms, asked.who, asked.csrf)
    body = rendering.render(template, **frame, **values, live_url=asked.web.live_url or "/live", demo=asked.web.demo)
    return Response(status, HTML, body)


def done(back: str) -> Response[str]:
    """After a change: htmx refreshes what is shown, a plain form is sent back to its page."""
    if asked_now().htmx:
        return Response(204, HTML, "", headers={"hx-trigger": CHANGED})
    return Response(303, HTML, "", headers={"location": back})


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
