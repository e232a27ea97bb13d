extension MailHeader {
    /// The header at the beginning of the octets, up to the empty line or to the first line that is no field.
    public init(parsing octets: ArraySlice<UInt8>) {
        var reader = HeaderReader(octets, from: octets.startIndex)
        reader.read(isMessage: true) { _ in false }
        self.init(fields: reader.fields)
    }

    /// The value of the first field of the name, in any case, as it came.
    func octets(_ name: String) -> [UInt8]? {
        fields.first { $0.isNamed(name) }?.value
    }
}

extension MailHeader.Field {
    func isNamed(_ other: String) -> Bool {
        let mine = name.utf8
        let others = other.utf8
        return mine.count == others.count && zip(mine, others).allSatisfy { $0.lowercased == $1.lowercased }
    }
}
