"""The questions `hearback doctor` asks Google, each answered by nothing (it is well) or by what is wrong and what to do."""

from __future__ import annotations

import base64
import binascii
import secrets
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from hearback.mailboxes.google_files import ClientFile
from hearback.mailboxes.google_oauth import SCOPES, GoogleClient, Refused, post
from hearback.mailboxes.google_rest import Answer, ask
from hearback.model.errors import Transient
from hearback.settings import Settings

GMAIL: Final = "serviceAccount:gmail-api-push@system.gserviceaccount.com"
_PUBLISHES: Final = frozenset(
    {"roles/pubsub.publisher", "roles/pubsub.editor", "roles/pubsub.admin", "roles/editor", "roles/owner"}
)
_CONSUME: Final = "pubsub.subscriptions.consume"
_CONSOLE: Final = "https://console.cloud.google.com"
_PROBLEMS: Final = ("redirect_uri_mismatch", "invalid_client", "deleted_client", "org_internal", "invalid_request")
_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and what to do."""

    what: str
    do: str = ""
    step: str = ""
    """Which step it belongs to, where one question serves two."""
    minor: bool = False
    """It works all the same."""
    unseen: bool = False
    """It could not be looked at."""


def token_endpoint(client: GoogleClient, file: ClientFile | None) -> Finding | None:
    """Whether Google knows client and secret: a made-up code must be what it complains of. Transient."""
    form = {
        "grant_type": "authorization_code",
        "code": "made-up-by-hearback-doctor",
        "redirect_uri": "http://127.0.0.1",
        "client_id": client.client_id,
        "client_secret": client.client_secret,
    }
    try:
        post(client.token, form)
    except Refused as error:
        if error.problem in {"invalid_client", "deleted_client", "unauthorized_client"}:
            what = "Google knows no such client, or its secret is another one."
            return Finding(
                what, f"download its JSON again under {_clients(file)} and start with hearback up --google-client FILE."
            )
    return None


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


def consent_page(client: GoogleClient, redirect: str) -> Finding | None:
    """Whether Google would show its consent page for this way back. It tells the reason inside the address of its error page."""
    query = {
        "client_id": client.client_id,
        "redirect_uri": redirect,
        "response_type": "code",
        "scope": " ".join(SCOPES),
        "state": secrets.token_urlsafe(8),
        "code_challenge": base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    location = ""
    try:
        urllib.request.build_opener(_Stay).open(f"{client.authorize}?{urllib.parse.urlencode(query)}", timeout=_SECONDS)
    except urllib.error.HTTPError as answer:
        if answer.code >= 500 or answer.code == 429:  # noqa: PLR2004  busy
            raise Transient(f"Google is busy ({answer.code}).") from answer
        location = answer.headers.get("Location", "") if answer.code < 400 else "/oauth/error"  # noqa: PLR2004  a refusal
    except OSError as error:
        raise Transient("Google is out of reach.") from error
    parts = urllib.parse.urlsplit(location)
    if "/oauth/error" not in parts.path:
        return None
    problem = _problem(urllib.parse.parse_qs(parts.query).get("authError", [""])[0])
    if problem == "redirect_uri_mismatch":
        return Finding(
            f"The client is not registered with {redirect}.",
            f"add exactly that under {_clients(None)}, your client, “Authorized redirect URIs”; it counts after some minutes.",
        )
    if problem == "org_internal":
        return Finding(
            "The app is for one organisation's accounts only.",
            "choose “External” under Google Auth Platform, Audience.",
        )
    return Finding(
        f"Google refuses to ask for consent ({problem or 'it does not say why'}).", "see docs/gmail.md, step 3."
    )


def _problem(blob: str) -> str:
    """Google's word inside the blob; empty: none that we know."""
    try:
        text = base64.urlsafe_b64decode(blob.replace("+", "-").replace("/", "_") + "=" * (-len(blob) % 4))
    except (ValueError, binascii.Error):
        return ""
    return next((each for each in _PROBLEMS if each.encode() in text), "")


def gmail_api(client: GoogleClient, token: str, *, mailbox: bool = True) -> Finding | None:
    """Whether the API is on and this token reads mail. `mailbox`: the token is a mailbox's; else only the API is looked at. Transient."""
    answer = ask(f"{client.api}/gmail/v1/users/me/profile", token)
    if answer.off:
        return Finding(
            "It is switched off in the Google project of the client.",
            f"open {_CONSOLE}/apis/library/gmail.googleapis.com, choose the project, press “Enable”.",
            step="Gmail API",
        )
    if not mailbox or answer.good:
        return None
    if answer.reasons & {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}:
        return Finding(
            "the right to read mail was not given.",
            "reconnect it and tick “View your email messages and settings”.",
            step="Consent",
        )
    if "domainPolicy" in answer.reasons:
        return Finding("the administrator has switched such apps off.", "ask them to allow the app.", step="Consent")
    if answer.status == 401:  # noqa: PLR2004  refused
        return Finding("Google does not accept the access any more.", "reconnect it in settings.", step="Consent")
    return Finding(
        f"Gmail answers {answer.status} for this account.", "open Gmail with it once in a browser.", step="Gmail API"
    )


def watch(client: GoogleClient, token: str, topic: str) -> datetime | Finding:
    """Register the watch anew: until when it lives. Gmail publishes a test message, so this proves topic and right. Transient."""
    body = {"topicName": topic, "labelIds": ["SPAM", "TRASH", "DRAFT"], "labelFilterBehavior": "exclude"}
    answer = ask(f"{client.api}/gmail/v1/users/me/watch", token, body)
    if answer.good and str(answer.body.get("expiration", "")).isdigit():
        return datetime.fromtimestamp(int(answer.body["expiration"]) / 1000, UTC)
    if "topicName" in answer.message:
        return Finding(
            f"the topic {topic} is not in the Google project of the OAuth client.", "make the topic in that project."
        )
    if answer.status == 404:  # noqa: PLR2004  gone
        return Finding(f"there is no topic {topic}.", "make it (docs/gmail.md, step 5).")
    if answer.status == 403 and "PubSub" in answer.message:  # noqa: PLR2004  forbidden
        return Finding("Gmail may not publish to the topic.", _grant(topic))
    if "Only one user push notification" in answer.message:
        return Finding("this mailbox is watched for another topic.", "press Sync Now in settings: it moves the watch.")
    return Finding(f"Gmail refuses it ({answer.status}).", "see the steps above.")


@dataclass(frozen=True, slots=True)
class Pubsub:
    """Topic and subscription as the service account sees them."""

    client: GoogleClient
    token: str
    email: str

    def topic(self, name: str, project: str) -> Finding | None:
        """Whether the topic is there, in the OAuth client's project (empty: not known). Transient."""
        if project and not name.startswith(f"projects/{project}/"):
            return Finding(
                f"{name} is not in project {project} of the OAuth client, and Gmail publishes to no other.",
                f"make the topic in project {project}.",
            )
        answer = self._ask(name)
        return None if answer.good else self._refused(answer, name, "Pub/Sub Viewer", "Topics, “Create topic”")

    def publish_right(self, topic: str) -> Finding | None:
        """Whether Gmail's service account may publish. Transient."""
        answer = self._ask(f"{topic}:getIamPolicy")
        if answer.status == 404:  # noqa: PLR2004  gone
            return Finding("There is no topic to publish to.", "make it (docs/gmail.md, step 5).")
        if not answer.good:
            return Finding("This service account may not look; the watch below shows it.", unseen=True)
        for each in answer.body.get("bindings", ()):
            role = str(each.get("role", "")) if isinstance(each, dict) else ""
            if GMAIL in each.get("members", ()) and (role in _PUBLISHES or not role.startswith("roles/")):
                return None
        return Finding("Gmail may not publish to the topic.", _grant(topic))

    def subscription(self, settings: Settings) -> Finding | None:
        """Whether the subscription is the one this installation hears by. Transient."""
        name = settings.gmail_subscription
        answer = self._ask(name)
        if not answer.good:
            return self._refused(answer, name, "Pub/Sub Viewer", "Subscriptions, “Create subscription”")
        if answer.body.get("topic") != settings.gmail_topic:
            return Finding(
                f"It hears {answer.body.get('topic')}, not {settings.gmail_topic}.", "make it anew for that topic."
            )
        push = answer.body.get("pushConfig")
        push = push if isinstance(push, dict) else {}
        found = _pushes(push, settings) if settings.push_account else self._pulls(push, name)
        return found or _expires(answer)

    def _pulls(self, push: dict[str, Any], name: str) -> Finding | None:
        if push.get("pushEndpoint"):
            return Finding("It pushes elsewhere, so nothing can be pulled.", "edit it: delivery type “Pull”.")
        held = self._ask(f"{name}:testIamPermissions", {"permissions": [_CONSUME]})
        if _CONSUME not in held.body.get("permissions", ()):
            return Finding(
                "The service account may not pull.",
                f"give {self.email} the role “Pub/Sub Subscriber” on the subscription.",
            )
        return None

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Answer:
        return ask(f"{self.client.pubsub}/v1/{path}", self.token, body)

    def _refused(self, answer: Answer, name: str, role: str, make: str) -> Finding:
        if answer.off:
            return Finding(
                "The Pub/Sub API is switched off in the Google project.",
                f"open {_CONSOLE}/apis/library/pubsub.googleapis.com, choose the project, press “Enable”.",
            )
        if answer.status == 404:  # noqa: PLR2004  gone
            return Finding(f"There is no {name}.", f"make it in the console: Pub/Sub, {make} (docs/gmail.md, step 5).")
        if answer.status == 403:  # noqa: PLR2004  forbidden
            return Finding(
                f"The service account may not look at {name}.", f"give {self.email} the role “{role}” on it."
            )
        return Finding(f"Google answers {answer.status} for {name}.", "check its name: projects/PROJECT/…/NAME.")


def _pushes(push: dict[str, Any], settings: Settings) -> Finding | None:
    endpoint = str(push.get("pushEndpoint", ""))
    if not endpoint:
        return Finding(
            "It is a pull subscription, and this installation is pushed to.", "edit it: delivery type “Push”."
        )
    if settings.public_url and not endpoint.startswith(f"{settings.public_url}/"):
        return Finding(f"It pushes to {endpoint}, not to {settings.public_url}.", "edit its endpoint URL.")
    oidc = push.get("oidcToken")
    oidc = oidc if isinstance(oidc, dict) else {}
    if oidc.get("serviceAccountEmail") != settings.push_account:
        told = oidc.get("serviceAccountEmail") or "nobody"
        return Finding(
            f"Its pushes are signed by {told}, not by {settings.push_account}.", "edit “Enable authentication”."
        )
    if (oidc.get("audience") or endpoint) != settings.push_audience:
        told = oidc.get("audience") or endpoint
        return Finding(f"Its audience is {told}, not {settings.push_audience}.", "edit the audience.")
    return None


def _expires(answer: Answer) -> Finding | None:
    policy = answer.body.get("expirationPolicy")
    if isinstance(policy, dict) and policy.get("ttl"):
        return Finding(
            f"It is there, but Google deletes it after {int(str(policy['ttl']).partition('s')[0] or 0) // 86400} days without use.",
            "edit it: “Never expire”.",
            minor=True,
        )
    return None


def _grant(topic: str) -> str:
    account = GMAIL.removeprefix("serviceAccount:")
    return f"on topic {topic.rpartition('/')[2]}: “Add principal”, {account}, role “Pub/Sub Publisher”."


def _clients(file: ClientFile | None) -> str:
    project = f"?project={file.project}" if file and file.project else ""
    return f"{_CONSOLE}/auth/clients{project}"
