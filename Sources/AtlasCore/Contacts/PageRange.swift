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
        for var row in rows.prefix(limit) {
            var size = row.octets
            if size > Self.mostOctets / 2 {
                row = row.shortened
                size = row.octets
            }
            octets += size
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
    var jsonOctets: Int {
        // Adding without checks lets the compiler take many octets at a time.
        func count(_ octets: some Sequence<UInt8>) -> Int {
            var sum = 0
            for octet in octets { sum &+= octet.jsonOctets }
            return sum
        }
        return utf8.withContiguousStorageIfAvailable { count($0) } ?? count(utf8)
    }

    /// The longest beginning that takes no more than `limit` octets as JSON, by the same estimate.
    func prefix(jsonOctets limit: Int) -> Substring {
        var octets = 0
        for index in unicodeScalars.indices {
            octets += unicodeScalars[index].jsonOctets
            if octets > limit { return self[..<index] }
        }
        return self[...]
    }

    /// The beginning, with a remark that it is not all.
    func cut(at limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let start = prefix(jsonOctets: limit)
        return String(start) + "\n[\(unicodeScalars[start.endIndex...].count) more characters]"
    }
}

extension Unicode.Scalar {
    fileprivate var jsonOctets: Int {
        isASCII ? UInt8(truncatingIfNeeded: value).jsonOctets : utf8.count
    }
}

extension UInt8 {
    fileprivate var jsonOctets: Int { self < 0x20 ? 6 : self == 0x22 || self == 0x5C ? 2 : 1 }
}

extension String? {
    fileprivate var jsonOctets: Int { self?.jsonOctets ?? 4 }
}

extension JSON.Object {
    /// The object, or, when its JSON is longer than `limit` octets, a remark that it is.
    func cut(at limit: Int) -> JSON.Object {
        JSON.object(self).bytes.count <= limit
            ? self : ["truncated": true, "names": .array(names.prefix(50).map { .string($0) })]
    }
}

extension Contact: SizedRow {
    // Every listed contact pays for this: no array, no closure.
    var octets: Int {
        var sum = 600 + (metadata.isEmpty ? 2 : JSON.object(metadata).bytes.count) + fullName.jsonOctets
        sum += firstName.jsonOctets + lastName.jsonOctets + email.jsonOctets + phone.jsonOctets + phoneE164.jsonOctets
        sum += address.jsonOctets + city.jsonOctets + state.jsonOctets + zip.jsonOctets + businessContextID.jsonOctets
        sum += contactType.jsonOctets + status.jsonOctets + notes.jsonOctets + source.jsonOctets + sourceRef.jsonOctets
        for phone in phones { sum += phone.jsonOctets + 3 }
        for email in emails { sum += email.jsonOctets + 3 }
        for tag in tags { sum += tag.jsonOctets + 3 }
        return sum
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
