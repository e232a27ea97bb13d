import AtlasCore
import Foundation
import TestSupport
import Testing

@Suite struct IdentityRaceTests {
    /// One of the ways in which people write the phone and the e-mail address of person `number`.
    private func draft(_ number: Int, spelling: Int) -> ContactDraft {
        let line = String(1000 + number)
        let phone = [
            "217-555-\(line)", "(217) 555 \(line)", "+1 217 555 \(line)", "1-217-555-\(line)", "217555\(line)",
            "011 1 217 555 \(line)",
        ][spelling % 6]
        let email = ["Person\(number)@Example.com", "person\(number)@example.com ", "PERSON\(number)@EXAMPLE.COM"][
            spelling % 3]
        return ContactDraft(
            fullName: "Person \(number)", phone: spelling % 5 == 4 ? nil : phone, email: spelling % 5 < 2 ? nil : email)
    }

    @Test func manyWritersMakeOneContactOfEachPerson() async throws {
        let kit = try await ContactsKit()
        // Each has pools of its own, as processes have.
        let processes = (0..<4).map { _ in Contacts(database: kit.base.open()) }
        // Everybody is met by both once, so that the two spellings belong together.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<64 {
                group.addTask {
                    for step in 0..<50 {
                        let person = (step * 7 + worker) % 50
                        var draft = draft(person, spelling: step + worker)
                        if step % 2 == 0 || draft.phone == nil || draft.email == nil {
                            draft.phone = draft.phone ?? "217-555-\(1000 + person)"
                            draft.email = draft.email ?? "person\(person)@example.com"
                        }
                        let outcome = try await processes[worker % 4].create(draft)
                        _ = try await processes[(worker + 1) % 4].logInteraction(
                            outcome.contact.id, type: .call, summary: "\(worker) \(step)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await kit.count() == 50)
        #expect(try await kit.count("contact_interactions") == 3200)
        let unsettled: Query =
            "phone_e164 IS NULL OR email_normalized IS NULL OR cardinality(phones) <> 1 OR cardinality(emails) <> 1"
        #expect(try await kit.count(where: unsettled) == 0)
        #expect(try await kit.contacts.list().total == 50)
    }

    @Test func writersWhoKnowNothingOfUsDoNotBreakTheRule() async throws {
        let kit = try await ContactsKit()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for step in 0..<20 {
                        if worker % 2 == 0 {
                            _ = try await kit.contacts.create(draft(step, spelling: worker))
                        } else {
                            _ = try await kit.insertAsReference("Person \(step)", phone: "217-555-\(1000 + step)")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        for person in 0..<20 {
            let outcome = try await kit.contacts.create(draft(person, spelling: 0))
            #expect(!outcome.created)
        }
        let owners: Int? = try await kit.database.run {
            try $0.value("SELECT count(DISTINCT phone_e164) FROM contacts WHERE phone_e164 LIKE '+1217555%'")
        }
        #expect(owners == 20)
    }

    @Test func updatesToOneNumberGiveItToOne() async throws {
        let kit = try await ContactsKit()
        var ids: [UUID] = []
        for index in 0..<16 {
            ids.append(try await kit.contacts.create(ContactDraft(fullName: "P\(index)")).contact.id)
        }
        let contacts = kit.contacts
        let refusals = await withTaskGroup(of: String.self) { group in
            for id in ids {
                group.addTask { await refusal { try await contacts.update(id, ContactChange(phone: "2175550134")) } }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(refusals.count { $0 == "none" } == 1)
        #expect(refusals.count { $0 == "conflict phone" } == 15)
    }
}

/// What the database takes for a number must be what libphonenumber takes for it, or it would give one person two identities.
@Suite struct PhoneFunctionTests {
    @Test func theDatabaseNeverDisagrees() async throws {
        let kit = try await ContactsKit()
        var texts = [
            "217-555-0134", "(217) 555 0134", "+1 217 555 0134", "1-217-555-0134", "12175550134", "217.555.0134 x5",
            "217-555-0134 ext. 7",
            "011 44 20 7946 0958", "+44 20 7946 0958", "+44 (0)20 7946 0958", "020 7946 0958", "+39 06 1234 5678",
            "+49 30 901820",
            "+49 (0)30 901820", "+52 1 55 1234 5678", "+52 55 1234 5678", "+54 9 11 2345 6789", "+54 11 2345-6789",
            "+7 495 123-45-67",
            "8 495 123-45-67", "+86 10 1234 5678", "+61 2 5550 1234", "+33 1 23 45 67 89", "0033123456789",
            "+353 1 234 5678", "+358 9 123 456",
            "+55 11 91234-5678", "+91 98765 43210", "+81 3-1234-5678", "+82 2-123-4567", "+65 6123 4567",
            "+852 2123 4567", "+380 44 123 4567",
            "555-0134", "5550134", "12", "911", "n/a", "anonymous", "+266696687", "+7378742833", "7378742833",
            "737-874-2833", "+2562533",
            "+8656696", "+86282452253", "0000000000", "1111111111", "555-555-5555", "1234567890", "011 1 217 555 0134",
            "+1 117 555 0134",
            "+", "", "x", "217 555 0134 217 555 0135", "tel:+12175550134", "+800 1234 5678", "+882 1234 5678",
            "+999 1234 5678", "+1217555013",
        ]
        var seed: UInt64 = 41
        func random(_ bound: UInt64) -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (seed >> 33) % bound
        }
        let countries = [
            "1", "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
            "49", "51", "52", "53",
            "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "7", "81", "82", "84", "86", "90",
            "91", "92", "93", "94",
            "95", "98", "212", "234", "254", "351", "353", "358", "380", "420", "502", "591", "852", "886",
            "961", "972", "995",
        ]
        for index in 0..<800 {
            let prefix = ["+", "+", "+", "00", "011", "011 ", "", "0", "1", "+ "][Int(random(10))]
            let country = ["", countries[Int(random(UInt64(countries.count)))]][index % 3 == 0 ? 0 : 1]
            let line = (0..<(6 + random(7))).map { _ in String(random(10)) }.joined()
            texts.append(prefix + country + (random(4) == 0 ? " (\(line.prefix(3))) " + line.dropFirst(3) : line))
        }
        for (region, code) in [("US", "1"), ("GB", "44"), ("DE", "49"), ("FR", "33")] {
            let answers: [String?] = try await kit.database.run { connection in
                try connection.query(
                    """
                    SELECT atlas_phone_e164(text, \(code)) FROM unnest(\(texts)::text[]) WITH ORDINALITY AS t (text, nth) ORDER BY nth
                    """
                ).map { try $0.get(0) }
            }
            for (text, answer) in zip(texts, answers) {
                // The database does not know every country's lengths: what it takes besides is no possible number to us, which
                // splits no person and joins none.
                guard let answer, let ours = PhoneNumber.normalize(text, region: region)?.e164 else { continue }
                #expect(ours == answer, "\(text) in \(region)")
            }
            #expect(answers.count { $0 != nil } > 150)
        }
    }
}
