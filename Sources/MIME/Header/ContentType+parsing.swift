extension ContentType {
    /// What cannot be read is text in us-ascii (RFC 2045, 5.2).
    public init(parsing value: [UInt8]) { self.init(ParameterList(value)) }

    init(_ list: ParameterList) {
        let words = list.first.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isType =
            words.count == 2 && words.allSatisfy { $0.count > 0 && $0.count < 128 && $0.allSatisfy(Self.isToken) }
        var parameters: [String: String] = [:]
        for (name, value) in list.values {
            parameters[name] = value.text(encodedWords: name == "name" || name == "filename")
        }
        guard isType else {
            self.init(parameters: parameters)
            return
        }
        self.init(
            type: String(decoding: words[0].map(\.lowercased), as: UTF8.self),
            subtype: String(decoding: words[1].map(\.lowercased), as: UTF8.self), parameters: parameters)
    }

    private static func isToken(_ octet: UInt8) -> Bool {
        octet > 0x20 && octet < 0x7F && !"()<>@,;:\\\"/[]?=".utf8.contains(octet)
    }
}
