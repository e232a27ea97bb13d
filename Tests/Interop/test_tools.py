"""Each tool through the wire: a success, refusals, the field names and the coercions of the contract."""

import re

import pytest

from tools import TIME, UUID, is_contact

MISSING = "00000000-0000-4000-8000-000000000000"


def test_create_gives_a_whole_contact(crm):
    made = crm.create_contact(
        full_name="Ann Mary Example", phone="(217) 555-0134", email=" Ann@Example.TEST ", address="1 Main St", city="Springfield",
        state="IL", zip_code="62701", business_context_id="shop", contact_type="lead", notes="first", source="web", tags=["vip", "new"])
    assert {"success", "contact", "created", "matched_on", "reactivated", "conflicts", "possible_duplicates", "warnings"} <= set(made)
    assert made["success"] is True and made["created"] is True and made["matched_on"] is None and made["reactivated"] is False
    assert made["conflicts"] == made["possible_duplicates"] == made["warnings"] == []
    contact = is_contact(made["contact"])
    expected = {
        "full_name": "Ann Mary Example", "first_name": "Ann", "phone_e164": "+12175550134", "address": "1 Main St", "city": "Springfield", "state": "IL",
        "zip": "62701", "business_context_id": "shop", "contact_type": "lead", "status": "active", "tags": ["vip", "new"], "notes": "first", "source": "web"}
    assert {k: contact[k] for k in expected} == expected
    assert contact["email"].lower() == "ann@example.test" and contact["emails"] == [contact["email"]] and len(contact["phones"]) == 1
    assert "Example" in contact["last_name"]
    assert crm.get(contact["id"]) == contact


def test_defaults_of_create(crm):
    contact = crm.create("Bo")
    assert (contact["contact_type"], contact["source"], contact["status"], contact["tags"]) == ("customer", "manual", "active", [])
    for name in ("phone", "phone_e164", "email", "address", "city", "state", "zip", "business_context_id", "notes"):
        assert contact[name] is None, name


@pytest.mark.parametrize("arguments, parameter, says", [
    ({}, "full_name", "full_name"), ({"full_name": "   "}, "full_name", ""), ({"full_name": None}, "full_name", ""), ({"full_name": 7}, "full_name", "string"),
    ({"full_name": "A", "contact_type": "friend"}, "contact_type", "customer, lead, prospect"), ({"full_name": "A", "emial": "x@y.test"}, None, "email"),
    ({"full_name": "A", "email": "not an address"}, "email", ""), ({"full_name": "A", "tags": [1, {}]}, None, "tags"), ({"full_name": "A" * 300}, "full_name", "256"),
    ({"full_name": "A", "tags": "a", "zip": "62701"}, None, "zip_code"),
])
def test_create_refuses(crm, arguments, parameter, says):
    crm.refuses("create_contact", "invalid_argument", arguments, parameter, says)
    assert crm.list_contacts()["total"] == 0, "nothing was half-written"


def test_get_by_id_and_by_a_name_that_one_contact_has(crm):
    ann, bob = crm.create("Ann Éxample"), crm.create("Bob Other")
    assert crm.get_contact(contact_id=ann["id"]) == {**crm.get_contact(contact_id=ann["id"]), "found": True, "contact": ann}
    assert crm.get_contact(contact_id=ann["id"].upper())["contact"] == ann
    assert crm.get_contact(contact_id="bob other")["contact"]["id"] == bob["id"]
    assert crm.get_contact(contact_id=MISSING) == {**crm.get_contact(contact_id=MISSING), "found": False, "contact": None}
    assert crm.get_contact(contact_id="Nobody Atall")["found"] is False


def test_a_name_that_several_have_is_refused_with_the_list(crm):
    ids = [crm.create("Sam Same", phone=f"217555010{n}")["id"] for n in range(2)]
    text = crm.refuses("get_contact", "invalid_argument", {"contact_id": "Sam Same"}, "contact_id")
    assert all(id in text for id in ids)


def test_update_changes_what_is_given_and_nothing_else(crm):
    contact = crm.create(phone="2175550101", notes="n", tags=["a"])
    changed = crm.update_contact(contact_id=contact["id"], city="Peoria", zip_code="61602", status="inactive", contact_type="vendor", tags=["b", "c"])
    assert changed["success"] is True
    different = {k for k in contact if contact[k] != changed["contact"][k]}
    assert different <= {"city", "zip", "status", "contact_type", "tags", "updated_at"}
    assert changed["contact"]["zip"] == "61602" and changed["contact"]["tags"] == ["b", "c"]
    assert crm.get(contact["id"]) == changed["contact"]


def test_update_clears_by_name(crm):
    contact = crm.create(phone="2175550101", email="a@b.test", notes="n", city="X", tags=["a"])
    changed = crm.update_contact(contact_id=contact["id"], clear=["notes", "city", "email"])["contact"]
    assert (changed["notes"], changed["city"], changed["email"], changed["emails"]) == (None, None, None, []) and changed["phone_e164"] == "+12175550101"
    assert crm.search_contacts(email="a@b.test")["found"] is False, "a cleared e-mail identifies nobody"
    assert crm.create("Other", email="a@b.test")["id"] != contact["id"]
    crm.refuses("update_contact", "invalid_argument", {"contact_id": contact["id"], "clear": ["full_name"]}, None, "full_name")
    crm.refuses("update_contact", "invalid_argument", {"contact_id": contact["id"], "clear": ["zzz"]}, None, "zzz|clear")
    crm.refuses("update_contact", "invalid_argument", {"contact_id": contact["id"], "clear": ["notes"], "notes": "x"}, None, "notes")


def test_update_refuses(crm):
    contact = crm.create()
    crm.refuses("update_contact", "invalid_argument", {"contact_id": contact["id"]}, None, "at least one|nothing to change")
    crm.refuses("update_contact", "invalid_argument", {"contact_id": contact["id"], "city": "  "}, None, "")
    crm.refuses("update_contact", "invalid_argument", {"contact_id": contact["id"], "status": "banana"}, "status", "active, inactive")
    crm.refuses("update_contact", "not_found", {"contact_id": MISSING, "city": "X"}, None, MISSING)
    assert crm.get(contact["id"]) == contact


def test_delete_archives(crm, database):
    contact = crm.create(phone="2175550101")
    gone = crm.delete_contact(contact_id=contact["id"])
    assert (gone["success"], gone["contact_id"], gone["status"]) == (True, contact["id"], "archived")
    assert crm.get(contact["id"])["status"] == "archived"
    assert crm.list_contacts()["total"] == 0 and crm.list_contacts(status="archived")["total"] == 1
    assert crm.delete_contact(contact_id=contact["id"])["success"] is True, "twice is once"
    crm.refuses("delete_contact", "not_found", {"contact_id": MISSING}, None, MISSING)
    assert database.value("select count(*) from contacts") == 1


def test_list_filters_pages_and_counts(crm):
    for n in range(7):
        crm.create(f"Person {n}", business_context_id="a" if n % 2 else "b", contact_type="lead" if n < 3 else "customer", tags=["odd"] if n % 2 else ["even", "x"])
    page = crm.list_contacts(limit=3)
    assert {"contacts", "count", "total", "has_more"} <= set(page)
    assert (page["count"], page["total"], page["has_more"]) == (3, 7, True) and len(page["contacts"]) == 3
    last = crm.list_contacts(limit=3, offset=6)
    assert (last["count"], last["total"], last["has_more"]) == (1, 7, False)
    seen = [c["id"] for offset in (0, 3, 6) for c in crm.list_contacts(limit=3, offset=offset)["contacts"]]
    assert len(set(seen)) == 7
    assert [is_contact(c)["full_name"] for c in crm.list_contacts()["contacts"]] == [f"Person {n}" for n in range(6, -1, -1)], "newest change first"
    assert crm.list_contacts(business_context_id="a")["total"] == 3 and crm.list_contacts(contact_type="lead")["total"] == 3
    assert crm.list_contacts(tag="odd")["total"] == 3 and crm.list_contacts(tag="x", business_context_id="b", contact_type="lead")["total"] == 2
    assert crm.list_contacts(offset=100) == {**crm.list_contacts(offset=100), "contacts": [], "count": 0, "total": 7, "has_more": False}


@pytest.mark.parametrize("tool", ["list_contacts", "search_contacts", "get_interactions"])
@pytest.mark.parametrize("limit", [0, -1, 201, 10**30, "many", 1.5, True, [], "20x"])
def test_a_limit_out_of_range_is_an_error_that_states_the_range(crm, tool, limit):
    base = {"search_contacts": {"query": "a"}, "get_interactions": {"contact_id": MISSING}}.get(tool, {})
    crm.refuses(tool, "invalid_argument", {**base, "limit": limit}, "limit", r"1.*200|integer")


@pytest.mark.parametrize("offset", [-1, "x", 2.5])
def test_an_offset_out_of_range_is_an_error(crm, offset):
    crm.refuses("list_contacts", "invalid_argument", {"offset": offset}, "offset")


def test_coercions_of_arguments(crm):
    made = crm.create_contact(full_name="Ann", tags="vip, new ,, ", email="", phone="  ", notes=None)
    assert made["contact"]["tags"] == ["vip", "new"] and made["contact"]["email"] is None and made["contact"]["phone"] is None
    for limit in (1, 1.0, "1", " 1 "):
        assert crm.list_contacts(limit=limit)["count"] == 1
    assert crm.list_contacts(limit="", status="  ", tag="")["total"] == 1
    assert crm.update_contact(contact_id=made["contact"]["id"], clear="tags,notes")["contact"]["tags"] == []


def test_all_that_is_wrong_is_told_at_once(crm):
    text = crm.refuses("log_interaction", "invalid_argument", {"lmit": 1, "contact_id": "", "interaction_type": "fax", "summary": "x"})
    assert re.search("lmit", text) and re.search("contact_id", text) and re.search("call, email, appointment, sms, note", text), text


@pytest.mark.parametrize("wrong, right", [("lmit", "limit"), ("querry", "query"), ("Phone", "phone"), ("businessContextId", "business_context_id")])
def test_an_unknown_argument_names_the_nearest_known_one(crm, wrong, right):
    text = crm.refuses("search_contacts", "invalid_argument", {"query": "x", wrong: "1"})
    assert wrong in text and right in text


def test_search_wants_something_to_search_for(crm):
    for arguments in ({}, {"query": " ", "phone": "", "email": None}, {"limit": 5}):
        text = crm.refuses("search_contacts", "invalid_argument", arguments)
        assert all(word in text for word in ("query", "phone", "email"))
    crm.refuses("search_contacts", "invalid_argument", {"query": "x" * 201}, "query", "200")


def test_search_by_name_tolerates_case_accents_order_and_a_typo(crm):
    jose = crm.create("José María Núñez", phone="2175550101")
    for name in ("Peter Parker", "Mary Jane Watson", "Bruce Wayne", "Clark Kent"):
        crm.create(name)
    for query in ("José María Núñez", "jose maria nunez", "NÚÑEZ JOSÉ", "nunez", "jose nunes", "josé"):
        found = crm.search_contacts(query=query)
        assert {"found", "contacts", "count", "has_more"} <= set(found)
        assert found["found"] and found["contacts"][0]["id"] == jose["id"], query
    assert crm.search_contacts(query="Zebediah Quux") == {**crm.search_contacts(query="Zebediah Quux"), "found": False, "contacts": [], "count": 0, "has_more": False}


@pytest.mark.parametrize("query", ["%", "_", "%%%", "' OR 1=1 --", "\\", "a\x00b", "'; drop table contacts; --", "☃", "\u202e", "()", "&|!:*", "x" * 200])
def test_search_takes_odd_text_as_text(crm, query):
    crm.create("Ann Example")
    result = crm.server.call("search_contacts", {"query": query})
    if not result.get("isError"):
        assert result["structuredContent"]["found"] is False, f"{query!r} matched somebody"
    else:
        assert result["_meta"]["atlas/error"]["code"] == "invalid_argument"
    assert crm.list_contacts()["total"] == 1


def test_search_pages(crm):
    for n in range(5):
        crm.create(f"Ann Number{n}", phone=f"217555010{n}")
    page = crm.search_contacts(query="Ann", limit=2)
    assert (page["count"], page["has_more"]) == (2, True)
    ids = {c["id"] for offset in (0, 2, 4) for c in crm.search_contacts(query="Ann", limit=2, offset=offset)["contacts"]}
    assert len(ids) == 5 and crm.search_contacts(query="Ann", limit=2, offset=4)["has_more"] is False


def test_search_by_phone_in_any_format_and_by_its_last_digits(crm):
    ann = crm.create(phone="+1 (217) 555-0134", email="Ann@Example.test")
    crm.create("Bob", phone="309-555-0199")
    for phone in ("2175550134", "217-555-0134", "(217) 555 0134", "+12175550134", "1 217 555 0134", "5550134", "555-0134"):
        found = crm.search_contacts(phone=phone)
        assert [c["id"] for c in found["contacts"]] == [ann["id"]], phone
    for phone in ("n/a", "0134", "anonymous", "+266696687"):
        result = crm.server.call("search_contacts", {"phone": phone})
        assert result.get("isError") or result["structuredContent"]["found"] is False, phone
    assert crm.search_contacts(email=" ANN@example.TEST")["contacts"][0]["id"] == ann["id"]
    assert crm.search_contacts(query="217-555-0134")["contacts"][0]["id"] == ann["id"], "a phone as the query"
    assert crm.search_contacts(query="ann@example.test")["contacts"][0]["id"] == ann["id"], "an e-mail as the query"


def test_interactions_newest_first(crm):
    id = crm.create()["id"]
    times = ["2026-11-02T09:00:00-06:00", "2026-11-04T09:00:00Z", "2026-11-03T09:00:00"]
    for kind, when in zip(("call", "note", "call"), times):
        logged = crm.log_interaction(contact_id=id, interaction_type=kind, summary=f"on {when}", occurred_at=when)
        assert logged["success"] is True
        assert {"id", "contact_id", "interaction_type", "summary", "occurred_at", "created_at"} <= set(logged["interaction"])
        assert UUID.fullmatch(logged["interaction"]["id"]) and logged["interaction"]["contact_id"] == id
    listed = crm.get_interactions(contact_id=id)
    assert listed["count"] == 3
    assert [i["occurred_at"] for i in listed["interactions"]] == ["2026-11-04T03:00:00-06:00", "2026-11-03T09:00:00-06:00", "2026-11-02T09:00:00-06:00"]
    assert all(TIME.fullmatch(i["occurred_at"]) for i in listed["interactions"])
    assert crm.get_interactions(contact_id=id, interaction_type="call", limit=1)["count"] == 1
    now = crm.log_interaction(contact_id=id, interaction_type="sms", summary="now")["interaction"]
    assert crm.get_interactions(contact_id=id)["interactions"][0] == now


def test_an_interaction_moves_its_contact_nowhere_else(crm):
    text = crm.refuses("log_interaction", "not_found", {"contact_id": MISSING, "interaction_type": "call", "summary": "x"})
    assert MISSING in text
    crm.refuses("log_interaction", "invalid_argument", {"contact_id": "nobody", "interaction_type": "call", "summary": "x"}, "contact_id")
    id = crm.create()["id"]
    for when in ("yesterday", "2026-13-01", "2026-11-31T10:00:00", "10:00", "2026-03-08T02:30:00", "2026-11-01T01:30:00"):
        crm.refuses("log_interaction", "invalid_argument", {"contact_id": id, "interaction_type": "call", "summary": "x", "occurred_at": when}, "occurred_at")
    crm.refuses("log_interaction", "invalid_argument", {"contact_id": id, "interaction_type": "fax", "summary": "x"}, "interaction_type", "call, email")
    assert crm.get_interactions(contact_id=id)["count"] == 0


def test_interactions_of_nobody(crm):
    for tool in ("get_interactions", "get_contact_appointments"):
        crm.refuses(tool, "not_found", {"contact_id": MISSING}, None, MISSING)


def test_an_idempotency_key_makes_it_once(crm, database):
    id = crm.create()["id"]
    arguments = {"contact_id": id, "interaction_type": "call", "summary": "rang", "idempotency_key": "k-1"}
    first = crm.log_interaction(**arguments)
    again = crm.log_interaction(**arguments)
    assert again["replayed"] is True and not first.get("replayed")
    assert again["interaction"] == first["interaction"] and crm.get_interactions(contact_id=id)["count"] == 1
    crm.refuses("log_interaction", "conflict", {**arguments, "summary": "other"}, None, "idempotency_key|key")
    crm.refuses("log_interaction", "invalid_argument", {**arguments, "idempotency_key": "k" * 129}, "idempotency_key", "128")
    assert crm.log_interaction(**{**arguments, "idempotency_key": "k-2"})["interaction"]["id"] != first["interaction"]["id"]
    refused = {**arguments, "contact_id": MISSING, "idempotency_key": "k-3"}
    crm.refuses("log_interaction", "not_found", refused)
    assert database.value("select count(*) from contact_interactions") == 2


def test_thirty_two_repeats_at_once_log_one(crm, database):
    id = crm.create()["id"]
    ids = [crm.server.begin("log_interaction", contact_id=id, interaction_type="call", summary="x", idempotency_key="same") for _ in range(32)]
    results = [crm.server.answer(i)["result"]["structuredContent"] for i in ids]
    assert len({r["interaction"]["id"] for r in results}) == 1 and sum(not r.get("replayed") for r in results) == 1
    assert database.value("select count(*) from contact_interactions") == 1


def test_appointments_newest_first(crm, database):
    contact = crm.create(phone="2175550101")
    for day in (3, 24, 10):
        database.sql(
            "insert into appointments (start_time, end_time, service_type, customer_name, customer_phone, business_context_id, contact_id) "
            "values (%s, %s, 'Cleaning', 'Ann', '2175550101', 'shop', %s)", f"2026-11-{day:02}T15:00:00Z", f"2026-11-{day:02}T17:00:00Z", contact["id"])
    found = crm.get_contact_appointments(contact_id=contact["id"])
    assert found["count"] == 3
    first = found["appointments"][0]
    assert first["start_time"] == "2026-11-24T09:00:00-06:00" and first["end_time"] == "2026-11-24T11:00:00-06:00"
    assert first["when"] == "Tue 24 Nov 2026, 09:00–11:00 CST"
    assert {"id", "service_type", "status", "customer_name", "notes"} <= set(first) and first["service_type"] == "Cleaning"
    assert [a["start_time"][8:10] for a in found["appointments"]] == ["24", "10", "03"]


def test_a_result_stays_under_64_kb(crm):
    for n in range(40):
        crm.create(f"Long {n}", notes="é" * 4000, phone=f"217555{n:04}")
    page = crm.list_contacts(limit=200)
    assert page["total"] == 40 and page["count"] == len(page["contacts"]) > 0
    assert page["has_more"] is (page["count"] < 40)
    ids, offset = set(), 0
    while True:
        page = crm.list_contacts(limit=200, offset=offset)
        ids |= {c["id"] for c in page["contacts"]}
        offset += page["count"]
        if not page["has_more"]:
            break
    assert len(ids) == 40, "what is cut off comes with the next page"


def test_merging_two_contacts_loses_nothing(crm, database):
    keep, merge = crm.create("Ann Example", phone="2175550101", tags=["a"]), crm.create("Ann B. Example", email="ann@example.test", tags=["b"], notes="second")
    for id in (keep["id"], merge["id"]):
        crm.log_interaction(contact_id=id, interaction_type="note", summary=f"of {id}")
    database.sql("insert into appointments (start_time, end_time, service_type, customer_name, customer_phone, business_context_id, contact_id) "
                 "values (now(), now(), 'x', 'x', 'x', 'x', %s)", merge["id"])
    database.sql("insert into call_transcripts (call_sid, from_number, to_number, business_context_id, contact_id) values ('CA1', '1', '2', 'x', %s)", merge["id"])
    arguments = {"keep_id": keep["id"], "merge_id": merge["id"]}
    schema = next(t for t in crm.server.request("tools/list")["tools"] if t["name"] == "merge_contacts")["inputSchema"]
    if "confirm" in schema["properties"]:
        arguments["confirm"] = True
    crm.merge_contacts(**arguments)
    kept, gone = crm.get(keep["id"]), crm.get(merge["id"])
    assert gone["status"] == "archived" and gone["metadata"]["merged_into"] == keep["id"]
    assert kept["email"] == "ann@example.test" and set(kept["tags"]) == {"a", "b"} and "second" in (kept["notes"] or "")
    assert crm.get_interactions(contact_id=keep["id"])["count"] == 2 and crm.get_contact_appointments(contact_id=keep["id"])["count"] == 1
    assert database.value("select contact_id::text from call_transcripts") == keep["id"]
    assert crm.create("Ann", email="ann@example.test")["id"] == keep["id"], "its identities moved too"
    crm.refuses("merge_contacts", "invalid_argument", {**arguments, "merge_id": keep["id"]})
    crm.refuses("merge_contacts", "not_found", {**arguments, "merge_id": MISSING}, None, MISSING)


def test_duplicates_are_found(crm):
    for context in ("a", "b"):  # the same phone in two contexts is two contacts, which may be one person
        crm.create("Ann Example", phone="2175550101", business_context_id=context)
    crm.create("Bo Twice", address="1 Main St", city="Peoria")
    crm.create("Bo Twice", address="1 Main St", city="Peoria")
    crm.create("Zoe Different", phone="3095550199")
    text = str(crm.find_duplicates(limit=10))
    assert "Bo Twice" in text and "Zoe Different" not in text
    crm.refuses("find_duplicates", "invalid_argument", {"limit": 0}, "limit")
