import Foundation
import Testing

@testable import AtlasCore

@Suite struct VCardReaderTests {
    private func entries(_ text: String) throws -> [ContactEntry] {
        try VCardReader.entries(of: Array(text.replacing("\n", with: "\r\n").utf8))
    }

    @Test func version3IsRead() throws {
        let entry = try #require(
            try entries(
                """
                BEGIN:VCARD
                VERSION:3.0
                N:Lee;Ann;Mary;Dr.;
                FN:Ann Lee
                item1.TEL;type=CELL;type=VOICE:+1 217-555-0199
                TEL;type=HOME;type=pref:(217) 555-0134
                TEL;type=FAX:217-555-0000
                EMAIL;type=INTERNET:ann@example.com
                item2.ADR;type=HOME:;Apt 4;1 Main St\\, rear;Springfield;IL;62701;USA
                item2.X-ABLabel:_$!<Home>!$_
                NOTE:Two\\nlines and a lo
                 ng one
                CATEGORIES:vip,new
                PHOTO;ENCODING=b;TYPE=JPEG:AAAA
                END:VCARD
                """
            ).first)
        #expect(entry.draft.fullName == "Ann Lee")
        #expect(entry.draft.phone == "(217) 555-0134" && entry.otherPhones == ["+1 217-555-0199"])
        #expect(entry.draft.email == "ann@example.com")
        #expect(
            entry.draft.address == "1 Main St, rear, Apt 4" && entry.draft.city == "Springfield"
                && entry.draft.zip == "62701")
        #expect(entry.draft.notes == "Two\nlines and a long one" && entry.draft.tags == ["vip", "new"])
    }

    @Test func version21sQuotedPrintableGoesOnOverLines() throws {
        let entry = try #require(
            try entries(
                """
                BEGIN:VCARD
                VERSION:2.1
                N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;
                NOTE;ENCODING=QUOTED-PRINTABLE:first=0D=0A=
                second
                TEL;CELL:217-555-0134
                END:VCARD
                """
            ).first)
        #expect(entry.draft.fullName == "Jörg Müller")
        #expect(entry.draft.notes?.cleaned(keepingLines: true) == "first\nsecond")
        #expect(entry.draft.phone == "217-555-0134")
    }

    @Test func version4sAddressesOfPhonesAreRead() throws {
        let all = try entries(
            """
            BEGIN:VCARD
            VERSION:4.0
            FN:Ann Lee
            TEL;VALUE=uri;TYPE="voice,home":tel:+1-217-555-0134;ext=3
            EMAIL;PREF=1:ann@example.com
            END:VCARD
            BEGIN:VCARD
            VERSION:4.0
            KIND:org
            ORG:Lee Ltd;Sales
            TEL:+49 30 1234567
            END:VCARD
            """)
        #expect(all.map(\.draft.fullName) == ["Ann Lee", "Lee Ltd"])
        #expect(all.map(\.line) == [1, 7])
        let person = try all[0].person(region: "US", defaultContext: nil)
        #expect(person.phone?.text == "+12175550134" && person.phoneExtension == "3")
    }

    @Test func whatIsNoVCardIsRefused() {
        #expect(throws: AtlasError.self) { try VCardReader.entries(of: Array("name,phone\nAnn,1".utf8)) }
        #expect(throws: AtlasError.self) { try VCardReader.entries(of: []) }
        #expect(throws: AtlasError.self) { try VCardReader.entries(of: Array("BEGIN:VCARD\nFN:Ann".utf8)) }
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let person = try KnownPerson(
            ContactDraft(
                fullName: "Ann, the \"Lee\"; \\ 😀" + String(repeating: " long", count: 30), phone: "217-555-0134",
                email: "ann@example.com", address: "1 Main; St,\nrear", city: "Springfield", zip: "62701",
                notes: "a\nb,c;d\\",
                tags: ["vip", "x y"]), region: "US", defaultContext: nil)
        let contact = person.contact(id: UUID(), region: "US")
        let card = contact.vCard
        #expect(card.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 75 })
        let entry = try #require(try VCardReader.entries(of: Array(card.utf8)).first)
        let read = try entry.person(region: "US", defaultContext: nil)
        #expect(read.fullName == person.fullName && read.phone == person.phone && read.email == person.email)
        #expect(
            read.city == person.city && read.zip == person.zip && read.notes == person.notes && read.tags == person.tags
        )
    }
}
