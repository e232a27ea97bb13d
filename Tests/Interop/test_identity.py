"""One person, one contact: the rules of the contract one by one, through the wire."""

import re

import pytest

FORMATS = ["555-123-4567", "(555) 123 4567", "+1 555 123 4567", "1-555-123-4567", "5551234567", "+15551234567", "555.123.4567", "tel:+1-555-123-4567"]
WITHHELD = ["anonymous", "restricted", "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "Anonymous", "RESTRICTED"]


def total(crm) -> int:
    return sum(crm.list_contacts(status=status)["total"] for status in ("active", "inactive", "archived"))


def test_one_phone_in_many_formats_is_one_contact(crm):
    first = crm.create("Ann", phone=FORMATS[0])
    assert first["phone_e164"] == "+15551234567"
    for phone in FORMATS[1:]:
        again = crm.create_contact(full_name="Ann", phone=phone)
        assert (again["created"], again["matched_on"], again["contact"]["id"]) == (False, "phone", first["id"]), phone
        assert again["contact"]["phones"] == first["phones"], "no second copy of one number"
    assert total(crm) == 1


def test_one_email_in_many_spellings_is_one_contact(crm):
    first = crm.create("Ann", email="Ann.Example@Test.example")
    for email in (" ann.example@test.example ", "ANN.EXAMPLE@TEST.EXAMPLE"):
        again = crm.create_contact(full_name="Ann", email=email)
        assert (again["created"], again["matched_on"], again["contact"]["id"]) == (False, "email", first["id"])
        assert len(again["contact"]["emails"]) == 1
    assert total(crm) == 1


@pytest.mark.parametrize("number", WITHHELD)
def test_a_withheld_caller_is_nobody(crm, number):
    one, two = crm.create_contact(full_name="A", phone=number), crm.create_contact(full_name="B", phone=number)
    assert one["created"] and two["created"] and one["contact"]["id"] != two["contact"]["id"]
    assert one["contact"]["phone_e164"] is None


def test_a_number_that_cannot_be_completed_is_stored_as_given_with_a_warning(crm):
    for number in ("555-0134", "12", "ext 5", "n/a", "call me"):
        made = crm.create_contact(full_name=f"Has {number}", phone=number)
        assert made["created"] and made["contact"]["phone_e164"] is None, number
        assert made["contact"]["phone"] == number and made["warnings"], number
    assert total(crm) == 5


def test_a_seven_digit_number_does_not_merge_into_whoever_has_those_digits(crm):
    full = crm.create("Ann", phone="217-555-0134")
    assert crm.create("Bob", phone="555-0134")["id"] != full["id"]


def test_numbers_of_two_countries_with_the_same_last_digits_are_two_people(crm):
    assert crm.create("Ann", phone="+1 217 555 0134")["id"] != crm.create("Bob", phone="+49 217 5550134")["id"]


def test_the_region_completes_a_number(launch):
    from tools import CRM
    server = launch(ATLAS_DEFAULT_REGION="GB")
    server.initialize()
    crm = CRM(server)
    first = crm.create("Ann", phone="020 7946 0018")
    assert first["phone_e164"] == "+442079460018"
    assert crm.create("Ann", phone="+44 20 7946 0018")["id"] == first["id"]
    server.end()


def test_a_match_is_filled_and_never_overwritten(crm):
    first = crm.create("Ann Example", phone="2175550134", city="Springfield", notes="likes tea", tags=["a"], source="web", contact_type="lead", address="1 Main St")
    made = crm.create_contact(
        full_name="Anne Exampel", phone="+1 217 555 0134", email="ann@example.test", city="Chicago", state="IL", address="1 Main St",
        notes="rang twice", tags=["b", "a"], source="import", contact_type="customer")
    contact = made["contact"]
    assert made["created"] is False and made["matched_on"] == "phone" and contact["id"] == first["id"]
    assert (contact["full_name"], contact["city"], contact["source"], contact["contact_type"]) == ("Ann Example", "Springfield", "web", "lead")
    assert (contact["state"], contact["email"], contact["address"]) == ("IL", "ann@example.test", "1 Main St"), "blanks are filled"
    assert sorted(contact["tags"]) == ["a", "b"]
    assert "likes tea" in contact["notes"] and "rang twice" in contact["notes"]
    told = str(made["conflicts"])
    assert "full_name" in told and "city" in told and "address" not in told
    known = str(contact["metadata"]["also_known_as"])
    assert "Anne Exampel" in known and "Chicago" in known
    again = crm.create_contact(full_name="Anne Exampel", phone="2175550134", city="Chicago", notes="rang twice")
    assert str(again["contact"]["metadata"]["also_known_as"]).count("Anne Exampel") == 1, "kept once"
    assert again["contact"]["notes"].count("rang twice") == 1


def test_a_further_phone_or_email_is_added_and_identifies(crm):
    first = crm.create("Ann", phone="2175550134", email="ann@example.test")
    second = crm.create("Ann", phone="309-555-0199", email="ann@example.test")
    assert second["id"] == first["id"] and len(second["phones"]) == 2
    assert second["phone_e164"] == "+12175550134" and second["phones"][0] == first["phones"][0], "the first stays the primary one"
    third = crm.create("Ann", phone="2175550134", email="work@example.test")
    assert third["emails"] == ["ann@example.test", "work@example.test"] and third["email"] == "ann@example.test"
    assert crm.create("Ann", phone="+13095550199")["id"] == first["id"] and crm.create("Ann", email="WORK@example.test")["id"] == first["id"]
    for search in ({"phone": "3095550199"}, {"phone": "5550199"}, {"email": "work@example.test"}):
        assert [c["id"] for c in crm.search_contacts(**search)["contacts"]] == [first["id"]], search


def test_phone_and_email_of_two_contacts_the_phones_wins(crm):
    phone, email = crm.create("Ann", phone="2175550134"), crm.create("Bob", email="bob@example.test")
    made = crm.create_contact(full_name="Ann", phone="2175550134", email="bob@example.test")
    assert made["matched_on"] == "phone" and made["contact"]["id"] == phone["id"]
    assert email["id"] in str(made["possible_duplicates"])
    assert made["contact"]["email"] is None and crm.get(email["id"])["emails"] == ["bob@example.test"], "nothing moves"


def test_an_archived_match_is_reactivated_with_its_history(crm):
    first = crm.create("Ann", phone="2175550134")
    crm.log_interaction(contact_id=first["id"], interaction_type="call", summary="x")
    crm.delete_contact(contact_id=first["id"])
    made = crm.create_contact(full_name="Ann", phone="2175550134")
    assert made["reactivated"] is True and made["created"] is False and made["contact"]["id"] == first["id"] and made["contact"]["status"] == "active"
    assert crm.get_interactions(contact_id=first["id"])["count"] == 1
    assert crm.create_contact(full_name="Ann", phone="2175550134")["reactivated"] is False


def test_contexts_are_separate_and_a_contact_without_one_is_claimed(crm):
    a, b = crm.create("Ann", phone="2175550134", business_context_id="a"), crm.create("Ann", phone="2175550134", business_context_id="b")
    assert a["id"] != b["id"]
    loose = crm.create("Bob", phone="3095550199")
    assert loose["business_context_id"] is None
    claimed = crm.create("Bob", phone="3095550199", business_context_id="a")
    assert claimed["id"] == loose["id"] and claimed["business_context_id"] == "a"
    assert crm.create("Bob", phone="3095550199", business_context_id="b")["id"] != loose["id"]


def test_without_a_context_the_only_one_who_has_it_matches(crm):
    a = crm.create("Ann", phone="2175550134", business_context_id="a")
    made = crm.create_contact(full_name="Ann", phone="2175550134")
    assert made["contact"]["id"] == a["id"] and made["contact"]["business_context_id"] == "a"
    b = crm.create("Ann", phone="2175550134", business_context_id="b")
    loose = crm.create_contact(full_name="Ann", phone="2175550134")
    assert loose["created"] and loose["contact"]["id"] not in (a["id"], b["id"]), "two have it: neither is taken"


def test_the_environments_context_counts(launch):
    from tools import CRM
    server = launch(ATLAS_BUSINESS_CONTEXT="shop")
    server.initialize()
    crm = CRM(server)
    assert crm.create("Ann", phone="2175550134")["business_context_id"] == "shop"
    assert crm.create("Ann", phone="2175550134", business_context_id="other")["business_context_id"] == "other"
    server.end()


@pytest.mark.parametrize("taken", [{"phone": "+1 (217) 555-0134"}, {"email": "ANN@example.test"}])
def test_an_update_to_someone_elses_identity_is_a_conflict(crm, taken):
    ann = crm.create("Ann", phone="2175550134", email="ann@example.test")
    bob = crm.create("Bob", phone="3095550199", email="bob@example.test")
    text = crm.refuses("update_contact", "conflict", {"contact_id": bob["id"], "city": "Peoria", **taken})
    assert ann["id"] in text
    assert crm.get(bob["id"]) == bob and crm.get(ann["id"]) == ann, "nothing changed"


def test_an_update_changes_the_primary_phone(crm):
    ann = crm.create("Ann", phone="2175550134")
    changed = crm.update_contact(contact_id=ann["id"], phone="309 555 0199")["contact"]
    assert changed["phone_e164"] == "+13095550199" and changed["phones"][0] == changed["phone"]
    assert crm.search_contacts(phone="3095550199")["contacts"][0]["id"] == ann["id"]


def test_sixty_four_creates_of_one_person_at_once_make_one(crm):
    server = crm.server
    ids = [server.begin("create_contact", full_name="Ann", phone=FORMATS[n % len(FORMATS)], tags=[f"t{n % 4}"]) for n in range(64)]
    results = [server.answer(id, 60)["result"]["structuredContent"] for id in ids]
    assert len({r["contact"]["id"] for r in results}) == 1 and sum(r["created"] for r in results) == 1
    assert total(crm) == 1
    assert sorted(crm.get(results[0]["contact"]["id"])["tags"]) == ["t0", "t1", "t2", "t3"], "no update was lost"


def test_names_are_kept_as_they_are_given(crm):
    for name in ("Łukasz Żółć", "李小龍", "O'Brien", 'Robert "Bob" Tables', "😀 Smile", "مريم", "Ann\u00a0Example"):
        assert crm.get(crm.create(name)["id"])["full_name"] in (name, re.sub(r"\s", " ", name))


def test_phone_only_words_find_nobody(crm):
    crm.create("Ann", phone="n/a")
    assert crm.create_contact(full_name="Bob", phone="n/a")["created"] is True
