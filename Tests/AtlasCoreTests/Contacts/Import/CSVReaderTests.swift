import Testing

@testable import AtlasCore

@Suite struct CSVReaderTests {
    /// The rows of a file that comes in pieces of `size` octets.
    private func rows(_ octets: [UInt8], size: Int, separator: Character? = nil) throws -> [CSVReader.Record] {
        var rest = octets[...]
        var reader = try CSVReader(separator: separator) {
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
        var rows: [CSVReader.Record] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    private func fields(_ text: String, size: Int = 7) throws -> [[String]] {
        try rows(Array(text.utf8), size: size).map(\.fields)
    }

    @Test(arguments: [1, 2, 3, 7, 1000]) func quotesLinesAndSeparatorsAreReadWhereverAPieceEnds(size: Int) throws {
        let text = "a,b,c\r\n\"x, y\",\"say \"\"hi\"\"\",\"two\r\nlines\"\r\n\r\n,,\nlast,,\"\"\rmac,1,2"
        let rows = try rows(Array(text.utf8), size: size)
        #expect(
            rows.map(\.fields) == [
                ["a", "b", "c"], ["x, y", "say \"hi\"", "two\r\nlines"], ["last", "", ""], ["mac", "1", "2"],
            ])
        #expect(rows.map(\.line) == [1, 2, 6, 7])
    }

    @Test func theSeparatorIsTheOneThatTheFirstLineHasMostOf() throws {
        #expect(try fields("name;phone\nLee, Ann;1") == [["name", "phone"], ["Lee, Ann", "1"]])
        #expect(try fields("name\tphone\nAnn;x\t1") == [["name", "phone"], ["Ann;x", "1"]])
        #expect(try fields("\"a;b;c\",d\n1,2") == [["a;b;c", "d"], ["1", "2"]])
        #expect(try fields("name\nAnn") == [["name"], ["Ann"]])
    }

    @Test func textOfOtherProgramsIsRead() throws {
        #expect(try fields("\u{FEFF}name,city\nAnn,Köln") == [["name", "city"], ["Ann", "Köln"]])
        let western = Array("name\nJos".utf8) + [0xE9, 0x0A]
        #expect(try rows(western, size: 4).last?.fields == ["José"])
        let units = Array("name\tcity\r\nÅsa\tOslo\r\n".utf16)
        let little: [UInt8] = units.reduce(into: [0xFF, 0xFE]) { $0 += [UInt8($1 & 0xFF), UInt8($1 >> 8)] }
        let big: [UInt8] = units.reduce(into: [0xFE, 0xFF]) { $0 += [UInt8($1 >> 8), UInt8($1 & 0xFF)] }
        for octets in [little, big] {
            #expect(try rows(octets, size: 5).map(\.fields) == [["name", "city"], ["Åsa", "Oslo"]])
        }
    }

    @Test func strayQuotesHurtOnlyTheirField() throws {
        #expect(try fields("a,b\n5\" pipe,\"x\"y\nnext,1") == [["a", "b"], ["5\" pipe", "xy"], ["next", "1"]])
        #expect(try fields("a,b\n\"open,1\nnext,2") == [["a", "b"], ["open,1\nnext,2"]])
    }

    @Test func aQuoteThatNeverClosesDoesNotFillTheMemory() {
        let text = "a,b\n\"" + String(repeating: "x,1\n", count: 600_000)
        #expect(throws: AtlasError.self) { try rows(Array(text.utf8), size: 1 << 16) }
        let wide = String(repeating: ",", count: 5000)
        #expect(throws: AtlasError.self) { try rows(Array(("a,b\n" + wide).utf8), size: 1 << 16) }
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let fields = ["plain", "", "a,b", "say \"hi\"", "two\nlines", " blanks ", "ünï", "\"", "tab\there"]
        #expect(
            try rows(
                Array((CSVWriter.row(["x"] + fields) + CSVWriter.row(fields + ["y"])).utf8), size: 3, separator: ","
            ).map(\.fields)
                == [["x"] + fields, fields + ["y"]])
    }

    // MARK: Columns

    private func entry(_ header: [String], _ row: [String], chosen: [String: ContactColumns.Field?] = [:]) throws
        -> ContactEntry
    {
        try ContactColumns(header: header, chosen: chosen).entry(CSVReader.Record(line: 2, fields: row))
    }

    @Test func googlesColumnsAreKnown() throws {
        let entry = try entry(
            [
                "First Name", "Middle Name", "Last Name", "Phonetic First Name", "Nickname", "Organization Name",
                "Labels",
                "E-mail 1 - Label", "E-mail 1 - Value", "Phone 1 - Label", "Phone 1 - Value", "Phone 2 - Label",
                "Phone 2 - Value",
                "Address 1 - Label", "Address 1 - Street", "Address 1 - City", "Address 1 - Region",
                "Address 1 - Postal Code", "Notes",
            ],
            [
                "Ann", "B.", "Lee", "", "", "Lee Ltd", "* myContacts ::: vip", "* Work",
                "ann@example.com ::: a@b.example", "Mobile",
                "+1 217-555-0134", "Home", "+1 217-555-0199", "Home", "1 Main St", "Springfield", "IL", "62701", "Dogs",
            ])
        #expect(entry.draft.fullName == "Ann B. Lee")
        #expect(entry.draft.phone == "+1 217-555-0134" && entry.otherPhones == ["+1 217-555-0199"])
        #expect(
            entry.draft.email?.cleaned() == "ann@example.com"
                && entry.otherEmails.map { $0.cleaned() } == ["a@b.example"])
        #expect(
            [entry.draft.address, entry.draft.city, entry.draft.state, entry.draft.zip] == [
                "1 Main St", "Springfield", "IL", "62701",
            ])
        #expect(entry.draft.tags == ["vip"] && entry.draft.notes == "Dogs")
    }

    @Test func outlooksAndOurOwnColumnsAreKnown() throws {
        let outlook = try entry(
            [
                "First Name", "Last Name", "E-mail Address", "E-mail Display Name", "Mobile Phone", "Business Phone",
                "Business Fax", "Home Street",
            ],
            [
                "Ann", "Lee", "ann@example.com", "Ann Lee (x)", "217-555-0134", "217-555-0150", "217-555-0199",
                "1 Main St",
            ])
        #expect(
            outlook.draft.fullName == "Ann Lee" && outlook.draft.email == "ann@example.com" && outlook.otherEmails == []
        )
        #expect(outlook.draft.phone == "217-555-0134" && outlook.otherPhones == ["217-555-0150"])
        let ours = try entry(
            Contact.columns, Contact.columns.map { $0 == "full_name" ? "Ann Lee" : $0 == "contact_type" ? "lead" : "" })
        #expect(ours.draft.fullName == "Ann Lee" && ours.draft.contactType == .lead)
    }

    @Test func theCallerSaysWhatAColumnMeans() throws {
        let entry = try entry(
            ["Kunde", "Rückruf", "Email"], ["Ann Lee", "030 1234567", "old@example.com"],
            chosen: ["kunde": .fullName, "Rückruf": .phone, "Email": ContactColumns.Field?.none])
        #expect(entry.draft.fullName == "Ann Lee" && entry.draft.phone == "030 1234567" && entry.draft.email == nil)
        #expect(throws: AtlasError.self) { try ContactColumns(header: ["Name"], chosen: ["Nmae": .fullName]) }
        #expect(throws: AtlasError.self) { try ContactColumns(header: ["Amount", "Date"]) }
    }
}
