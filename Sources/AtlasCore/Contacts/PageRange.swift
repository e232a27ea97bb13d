import JSON

/// One page of a list: how many rows, after how many.
struct PageRange {
    let limit: Int
    let offset: Int

    /// A result has at most 64 KB of JSON; the rest is for what stands around the rows.
    static let mostOctets = 60_000

    /// As much of a long group as fits beside others.
    static let few = PageRange(limit: 10)

    private init(limit: Int) {
        self.limit = limit
        offset = 0
    }

    /// - Throws: ``AtlasError`` `invalid_argument` that states the range.
    init(limit: Int, offset: Int) throws(AtlasError) {
        guard (1...200).contains(limit) else {
            throw AtlasError(.invalidArgument, "limit must be between 1 and 200, got \(limit).", parameter: "limit")
        }
        guard (0...1_000_000_000).contains(offset) else {
            throw AtlasError(
                .invalidArgument, "offset must be between 0 and 1000000000, got \(offset).", parameter: "offset")
        }
        self.limit = limit
        self.offset = offset
    }

    /// The rows that fit the page and the size of a result, and whether more follow; `rows` are one more than the limit if
    /// there are that many. A row that is too long for any page is shortened.
    func cut<Row: SizedRow>(_ rows: [Row]) -> (rows: [Row], hasMore: Bool) {
        var octets = 0
        var kept: [Row] = []
        for row in rows.prefix(limit) {
            let row = row.octets > Self.mostOctets / 2 ? row.shortened : row
            octets += row.octets
            if octets > Self.mostOctets, !kept.isEmpty { return (kept, true) }
            kept.append(row)
        }
        return (kept, rows.count > limit)
    }
}

/// A row that knows how long it is as JSON.
protocol SizedRow {
    /// An upper estimate of its length.
    var octets: Int { get }
    /// The row with its free texts cut, saying so.
    var shortened: Self { get }
}

extension String {
    /// An upper estimate of its length as JSON, without quotes.
    var jsonOctets: Int { utf8.reduce(0) { $0 + ($1 == 0x22 || $1 == 0x5C || $1 < 0x20 ? ($1 < 0x20 ? 6 : 2) : 1) } }

    /// The beginning, with a remark that it is not all.
    func cut(at limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var start = ""
        var octets = 0
        for scalar in unicodeScalars {
            octets += String(scalar).jsonOctets
            if octets > limit { break }
            start.unicodeScalars.append(scalar)
        }
        return start + "\n[\(unicodeScalars.count - start.unicodeScalars.count) more characters]"
    }
}

extension JSON.Object {
    /// The object, or, when its JSON is longer than `limit` octets, a remark that it is.
    func cut(at limit: Int) -> JSON.Object {
        JSON.object(self).bytes.count <= limit
            ? self : ["truncated": true, "names": .array(names.prefix(50).map { .string($0) })]
    }
}

extension Contact: SizedRow {
    var octets: Int {
        let texts: [String?] = [fullName, firstName, lastName, email, phone, phoneE164, address, city, state, zip]
        let others: [String?] = [businessContextID, contactType, status, notes, source, sourceRef]
        let lists = (phones + emails + tags).reduce(0) { $0 + $1.jsonOctets + 3 }
        let meta = metadata.isEmpty ? 2 : JSON.object(metadata).bytes.count
        return (texts + others).reduce(520 + lists + meta) { $0 + ($1?.jsonOctets ?? 4) + 2 }
    }

    var shortened: Contact {
        var contact = self
        contact.notes = notes?.cut(at: 20_000)
        contact.metadata = metadata.cut(at: 10_000)
        contact.address = address?.cut(at: 2_000)
        contact.phones = Array(phones.prefix(100))
        contact.emails = Array(emails.prefix(50))
        contact.tags = Array(tags.prefix(100))
        return contact
    }

    /// The contact as a result may carry it.
    var presentable: Contact { octets > PageRange.mostOctets / 2 ? shortened : self }
}

extension Interaction: SizedRow {
    var octets: Int { 320 + (summary?.jsonOctets ?? 4) + (metadata.isEmpty ? 2 : JSON.object(metadata).bytes.count) }

    var shortened: Interaction {
        var interaction = self
        interaction.summary = summary?.cut(at: 30_000)
        interaction.metadata = metadata.cut(at: 10_000)
        return interaction
    }
}
