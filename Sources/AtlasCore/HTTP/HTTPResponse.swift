import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a server answered. Any status is an answer; that it is none of success is for the caller to say.
public struct HTTPResponse: Sendable {
    public var status: Int
    /// Of the last answer only: not of redirects and not of interim answers. In the order they came, repeated ones too.
    public var headers: [HTTPHeader]
    /// Empty when the body went to a file.
    public var body: [UInt8]

    public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public var isSuccess: Bool { (200..<300).contains(status) }

    /// The first header field of this name.
    public subscript(header name: String) -> String? {
        headers.first { $0.isNamed(name) }?.value
    }

    /// The body as JSON; nil when it is none.
    public var json: JSON? { try? JSON(parsing: body) }

    /// How long the server asks to wait (`Retry-After`, in seconds or as a date: RFC 9110, 10.2.3); nil when it does not say.
    public var retryAfter: Duration? { retryAfter(now: Date.now.timeIntervalSince1970) }

    func retryAfter(now: Double) -> Duration? {
        guard let text = self[header: "Retry-After"]?.trimmed, !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // More digits than a number holds are still a wish to be left alone: a day of it is enough.
            return .seconds(min(Int(text) ?? .max, 86_400))
        }
        guard let date = HTTPDate(text) else { return nil }
        return .seconds(min(max(Double(date.secondsSince1970) - now, 0), 86_400))
    }
}

extension HTTPHeader {
    /// Whether that is its name; case does not count (RFC 9110, 5.1).
    func isNamed(_ other: String) -> Bool {
        name.utf8.count == other.utf8.count
            && zip(name.utf8, other.utf8).allSatisfy { Self.lowercased($0) == Self.lowercased($1) }
    }

    private static func lowercased(_ octet: UInt8) -> UInt8 { (0x41...0x5A).contains(octet) ? octet | 0x20 : octet }
}
