import JSON

/// Something that can be read, as a list shows it.
public struct Resource: Sendable, Equatable {
    public var uri: String
    public var name: String
    public var title: String?
    public var description: String?
    public var mimeType: String?
    /// In octets.
    public var size: Int?

    public init(
        uri: String, name: String, title: String? = nil, description: String? = nil, mimeType: String? = nil,
        size: Int? = nil
    ) {
        self.uri = uri
        self.name = name
        self.title = title
        self.description = description
        self.mimeType = mimeType
        self.size = size
    }
}

/// One page of a list of resources.
public struct ResourcePage: Sendable {
    public var resources: [Resource]
    /// From where the next page goes on, in any form that the provider of the list understands; `nil` after the last one.
    public var next: String?

    public init(_ resources: [Resource], next: String? = nil) {
        self.resources = resources
        self.next = next
    }
}

/// What a resource holds.
public struct ResourceContents: Sendable {
    enum Body: Sendable {
        case text(String)
        case binary([UInt8])
        case record(@Sendable (@escaping ZoneOffset) throws -> [UInt8])
    }

    let body: Body
    let mimeType: String?

    public static func text(_ text: String, mimeType: String? = nil) -> Self {
        Self(body: .text(text), mimeType: mimeType)
    }

    public static func binary(_ octets: [UInt8], mimeType: String? = nil) -> Self {
        Self(body: .binary(octets), mimeType: mimeType)
    }

    /// A record as JSON text, spelt as the results of tools are.
    public static func json(_ record: some Encodable & Sendable) -> Self {
        Self(body: .record { try ResultPage.octets(of: record, offset: $0) }, mimeType: "application/json")
    }

    /// Writes one of the `contents` of `resources/read`.
    ///
    /// - Parameter mimeType: what to say if the contents do not know their own type.
    func write(uri: String, mimeType fallback: String?, offset: @escaping ZoneOffset, to json: inout JSONWriter) throws
    {
        json.raw(#"{"uri":"#)
        json.write(uri)
        if let mimeType = mimeType ?? fallback {
            json.raw(#","mimeType":"#)
            json.write(mimeType)
        }
        switch body {
        case .text(let text):
            json.raw(#","text":"#)
            json.write(text)
        case .record(let octets):
            json.raw(#","text":"#)
            try octets(offset).withUnsafeBufferPointer { json.writeString($0) }
        case .binary(let octets):
            json.raw(#","blob":"#)
            json.write(Base64.encode(octets))
        }
        json.byte(UInt8(ascii: "}"))
    }
}
