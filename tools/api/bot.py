"""A bot that knows Hubbub by its OpenAPI document alone: every call goes through the client that was generated from it.

The client is told to raise on every status that the document does not name.
"""

import sys
import uuid

from hubbub_client import AuthenticatedClient, Client
from hubbub_client.api.accounts import create_account, create_invite, send_notice
from hubbub_client.api.messages import list_messages, send_message
from hubbub_client.api.people import change_me, find_users, get_me
from hubbub_client.api.rooms import add_member, change_room, create_room, delete_room, get_room, list_members, list_rooms, remove_member
from hubbub_client.api.sign_ins import list_sign_ins, refresh_tokens, sign_in, sign_out
from hubbub_client.models import (
    ErrorBody,
    ErrorCode,
    NewAccount,
    NewInvite,
    NewMember,
    NewMessage,
    NewNotice,
    NewRoom,
    NewSession,
    RefreshSession,
    RoomKind,
    RoomPatch,
    UserPatch,
)

API = sys.argv[1]
PASSWORD = "four lighthouse owls rowing"


def said(answer, status):
    """What a call answered; it must be with this status."""
    assert answer.status_code == status, (answer.status_code, answer.content)
    return answer.parsed


def refused(answer, status, code):
    """A call that must be refused, in the words of the document."""
    body = said(answer, status)
    assert isinstance(body, ErrorBody) and body.error.code == code, body
    return body.error


def signed_in(token):
    return AuthenticatedClient(base_url=API, token=token, raise_on_unexpected_status=True)


def anybody():
    """Nobody yet. Each time anew: a client that keeps the cookies of a sign-in is taken for a browser."""
    return Client(base_url=API, raise_on_unexpected_status=True)


# Somebody has to be first; then the bot signs in as bots do.
said(create_account.sync_detailed(client=anybody(), body=NewAccount(name="bot", password=PASSWORD)), 201)
refused(sign_in.sync_detailed(client=anybody(), body=NewSession(name="bot", password="four lighthouse cats rowing")), 401, ErrorCode.UNAUTHORIZED)
grant = said(sign_in.sync_detailed(client=anybody(), body=NewSession(name="bot", password=PASSWORD, device="bot-0123456789abcdef")), 200)
bot = signed_in(grant.access_token)
assert said(get_me.sync_detailed(client=bot), 200).user.name == "bot"

# A room.
room = said(create_room.sync_detailed(client=bot, body=NewRoom(kind=RoomKind.PUBLIC, name="weather", topic="Every hour")), 201).room
assert said(get_room.sync_detailed(room.id, client=bot), 200).room.topic == "Every hour"
assert room.id in [known.id for known in said(list_rooms.sync_detailed(client=bot), 200).rooms]
assert said(change_room.sync_detailed(room.id, client=bot, body=RoomPatch(topic="Every two hours")), 200).room.topic == "Every two hours"
refused(get_room.sync_detailed(room.id + 1_000, client=bot), 404, ErrorCode.NOT_FOUND)
assert [user.name for user in said(list_members.sync_detailed(room.id, client=bot), 200).users] == ["bot"]

# It says something, and says it again because no answer came: the same answer, and nothing twice.
message = NewMessage(id=uuid.uuid4(), text="14 °C, wind from the west")
ack = said(send_message.sync_detailed(room.id, client=bot, body=message), 201)
again = said(send_message.sync_detailed(room.id, client=bot, body=message), 200)
assert (ack.id, ack.seq, ack.at) == (message.id, again.seq, again.at)
answer = NewMessage(id=uuid.uuid4(), text="15 °C", reply_to=ack.seq)
said(send_message.sync_detailed(room.id, client=bot, body=answer), 201)
wrong = refused(send_message.sync_detailed(room.id, client=bot, body=NewMessage(id=uuid.uuid4(), text="")), 422, ErrorCode.INVALID)
assert wrong.field == "text", wrong

# It reads, page by page.
newest = said(list_messages.sync_detailed(room.id, client=bot, limit=1), 200)
assert newest.more and newest.messages[0].reply_to == ack.seq, newest
older = said(list_messages.sync_detailed(room.id, client=bot, before=newest.messages[0].seq), 200)
assert [(found.id, found.text) for found in older.messages] == [(message.id, message.text)] and not older.more, older
refused(list_messages.sync_detailed(room.id, client=bot, before=1, after=1), 422, ErrorCode.INVALID)

# What else bots do.
assert [user.name for user in said(find_users.sync_detailed(client=bot, q="bo"), 200).users] == ["bot"]
assert said(change_me.sync_detailed(client=bot, body=UserPatch(display_name="Weather")), 200).user.display_name == "Weather"
assert said(create_invite.sync_detailed(client=bot, body=NewInvite(uses=2, rooms=[room.id])), 201).invite.uses == 2
assert said(send_notice.sync_detailed(client=bot, body=NewNotice(text="Storm at six")), 201).notice.text == "Storm at six"
said(remove_member.sync_detailed(room.id, grant.user.id, client=bot), 204)
said(add_member.sync_detailed(room.id, client=bot, body=NewMember()), 201)
said(add_member.sync_detailed(room.id, client=bot, body=NewMember()), 200)
said(delete_room.sync_detailed(room.id, client=bot), 204)

# Its token is renewed, and it goes.
fresh = said(refresh_tokens.sync_detailed(client=anybody(), body=RefreshSession(refresh_token=grant.refresh_token)), 200)
bot = signed_in(fresh.access_token)
assert any(device.current for device in said(list_sign_ins.sync_detailed(client=bot), 200).sessions)
said(sign_out.sync_detailed(client=bot), 204)
refused(get_me.sync_detailed(client=bot), 401, ErrorCode.UNAUTHORIZED)

print("a bot lived by the document: every answer was as described")
