"""Resources, completion, prompts and the news of a changed contact, in both eras. (MCP.md 4.11, 6)"""

import json
from urllib.parse import quote

import pytest

from client import ENV, Failure
from tools import is_contact


def watch(server, uri: str, id="watch"):
    server.start("subscriptions/listen", {"notifications": {"resourceSubscriptions": [uri]}}, id=id)
    return server.message("notifications/subscriptions/acknowledged")


def test_a_contact_is_a_resource(crm):
    contact = crm.create("Ann Example", phone="2175550134")
    uri = f"atlas://contacts/{contact['id']}"
    [content] = crm.server.request("resources/read", {"uri": uri})["contents"]
    assert content["uri"] == uri and content["mimeType"] == "application/json"
    read = json.loads(content["text"])
    assert is_contact(read.get("contact", read)) == contact


def test_listed_resources_can_be_read(crm):
    crm.create("Ann Example")
    for resource in crm.server.request("resources/list")["resources"]:
        assert crm.server.request("resources/read", {"uri": resource["uri"]})["contents"]


def test_a_subscriber_hears_of_a_change_and_nobody_else(crm):
    ann, bob = crm.create("Ann"), crm.create("Bob")
    uri = f"atlas://contacts/{ann['id']}"
    assert crm.server.request("resources/subscribe", {"uri": uri}) == {}
    crm.update_contact(contact_id=bob["id"], city="Peoria")
    crm.server.silent(0.2)
    crm.update_contact(contact_id=ann["id"], city="Peoria")
    assert crm.server.message("notifications/resources/updated")["params"]["uri"] == uri
    assert crm.server.request("resources/unsubscribe", {"uri": uri}) == {}
    crm.server.silent(0.3)
    crm.update_contact(contact_id=ann["id"], city="Chicago")
    crm.server.silent(0.3)


def test_every_way_to_change_a_contact_is_told(crm):
    ann = crm.create("Ann", phone="2175550134")
    uri = f"atlas://contacts/{ann['id']}"
    crm.server.request("resources/subscribe", {"uri": uri})
    changes = [("update_contact", {"contact_id": ann["id"], "notes": "x"}), ("create_contact", {"full_name": "Ann", "phone": "2175550134", "city": "X"}),
               ("delete_contact", {"contact_id": ann["id"]})]
    for tool, arguments in changes:
        assert not crm.server.call(tool, arguments).get("isError")
        assert crm.server.message("notifications/resources/updated")["params"]["uri"] == uri, tool


def test_a_modern_listener_hears_tagged_news_until_it_cancels(crm):
    ann = crm.create("Ann")
    server = crm.server.speak_modern()
    uri = f"atlas://contacts/{ann['id']}"
    for id in (0, "two"):
        assert watch(server, uri, id)["params"]["notifications"]["resourceSubscriptions"] == [uri]
    crm.update_contact(contact_id=ann["id"], city="Peoria")
    told = [server.message("notifications/resources/updated")["params"] for _ in range(2)]
    assert sorted(str(p["_meta"][ENV + "subscriptionId"]) for p in told) == ["0", "two"] and {p["uri"] for p in told} == {uri}
    server.notify("notifications/cancelled", {"requestId": 0})
    crm.update_contact(contact_id=ann["id"], city="Chicago")
    assert server.message("notifications/resources/updated")["params"]["_meta"][ENV + "subscriptionId"] == "two"
    server.silent(0.3)


def test_a_session_subscription_and_a_listener_do_not_mix(crm):
    ann = crm.create("Ann")
    uri = f"atlas://contacts/{ann['id']}"
    crm.server.request("resources/subscribe", {"uri": uri})
    crm.server.speak_modern()
    watch(crm.server, "atlas://contacts/00000000-0000-4000-8000-000000000000")
    crm.update_contact(contact_id=ann["id"], city="Peoria")
    told = crm.server.message("notifications/resources/updated")
    assert "_meta" not in told["params"] or ENV + "subscriptionId" not in told["params"]["_meta"]
    crm.server.silent(0.3)


def test_what_listens_at_end_of_input_does_not_hold_the_server(bare):
    server = bare().speak_modern()
    watch(server, "atlas://contacts/00000000-0000-4000-8000-000000000000")
    server.end(3)


def complete(server, ref: dict, argument: str, value: str) -> list[str]:
    return server.request("completion/complete", {"ref": ref, "argument": {"name": argument, "value": value}})["completion"]["values"]


TEMPLATE = {"type": "ref/resource", "uri": "atlas://contacts/{contact_id}"}
PROMPT = {"type": "ref/prompt", "name": "customer_brief"}


def test_completion_of_a_contact_by_name(crm):
    """Whatever it offers, an id or a name, reads back as that contact."""
    ids = {crm.create("Annabel Éxample")["id"], *(crm.create("Annabel Same", phone=f"217555010{n}")["id"] for n in range(2))}
    crm.create("Bob Other")
    for modern in (False, True):
        if modern:
            crm.server.speak_modern()
        values = complete(crm.server, TEMPLATE, "contact_id", "annab")
        assert len(values) == len(set(values)) == 3
        read = [crm.server.request("resources/read", {"uri": "atlas://contacts/" + quote(v)})["contents"][0]["text"] for v in values]
        assert {id for id in ids if any(id in text for text in read)} == ids
        assert complete(crm.server, TEMPLATE, "contact_id", "zzzz") == complete(crm.server, TEMPLATE, "contact_id", "%") == []
        assert len(complete(crm.server, PROMPT, "contact", "annab")) == 3


def test_completion_offers_a_hundred_at_most(crm):
    for n in range(120):
        crm.create(f"Many {n}")
    assert 1 <= len(complete(crm.server, TEMPLATE, "contact_id", "many")) <= 100
    assert len(complete(crm.server, TEMPLATE, "contact_id", "")) <= 100


def test_the_prompt_tells_of_the_customer(crm):
    ann = crm.create("Annabel Example", phone="2175550134")
    for contact in (ann["id"], "Annabel Example"):
        got = crm.server.request("prompts/get", {"name": "customer_brief", "arguments": {"contact": contact}})
        assert got["messages"] and all(m["role"] in ("user", "assistant") for m in got["messages"])
        assert "Annabel" in json.dumps(got) or ann["id"] in json.dumps(got)
    for arguments in ({}, {"contact": ""}, {"contact": 7}):
        with pytest.raises(Failure) as caught:
            crm.server.request("prompts/get", {"name": "customer_brief", "arguments": arguments})
        assert caught.value.code == -32602
