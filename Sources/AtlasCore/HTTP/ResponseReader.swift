/// Gathers an answer as libcurl hands it over, within limits: header lines, then pieces of the body.
struct ResponseReader {
    /// The most octets of header fields; an honest server has a hundredth of it.
    static let largestHead = 256 << 10
    /// The most octets of a body that was to go to a file but is none of success.
    static let largestFailure = 8 << 20

    private(set) var status = 0
    private(set) var headers: [HTTPHeader] = []
    private(set) var body: [UInt8] = []
    /// Why what comes is not taken.
    private(set) var failure: HTTPError.Kind?

    private let largestBody: Int
    private let hasBody: Bool
    private let output: OutputFile?
    private var headSize = 0
    private var headIsComplete = false
    private var bodySize = 0

    init(largestBody: Int, hasBody: Bool = true, output: OutputFile? = nil) {
        self.largestBody = largestBody
        self.hasBody = hasBody
        self.output = output
    }

    private var isSuccess: Bool { (200..<300).contains(status) }
    private var limit: Int { output == nil || isSuccess ? largestBody : min(largestBody, Self.largestFailure) }

    /// Takes a line with its end. False when the transfer must end: ``failure`` says why.
    mutating func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headSize += line.count
        guard headSize <= Self.largestHead else { return fail(.malformedResponse) }
        var line = line[...]
        while let last = line.last, last == 0x0A || last == 0x0D || last == 0x20 || last == 0x09 { line.removeLast() }

        if line.starts(with: "HTTP/".utf8), headers.isEmpty || headIsComplete, bodySize == 0 {
            // A status line: of the answer, or of the one after an interim answer (RFC 9110, 15.2), whose fields do not count.
            headers = []
            headIsComplete = false
            status = Self.status(of: line)
            return true
        }
        // Trailers after a body say nothing that we want (RFC 9110, 6.5).
        if headIsComplete { return true }
        guard let first = line.first else {
            headIsComplete = true
            return takeLength()
        }
        if first == 0x20 || first == 0x09 {
            // A value that goes on in the next line (RFC 9112, 5.2).
            guard let last = headers.indices.last else { return fail(.malformedResponse) }
            headers[last].value += " " + Self.value(line)
            return true
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return fail(.malformedResponse) }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        guard HTTPFields.isToken(name) else { return fail(.malformedResponse) }
        headers.append(HTTPHeader(name, Self.value(line[(colon + 1)...])))
        return true
    }

    /// Takes a piece of the body, decoded. False when the transfer must end: ``failure`` says why.
    mutating func takeBody(_ octets: UnsafeRawBufferPointer) -> Bool {
        guard octets.count <= limit - bodySize else { return fail(.tooLarge) }
        bodySize += octets.count
        if let output, isSuccess { return output.write(octets) || fail(.file) }
        body.append(contentsOf: octets)
        return true
    }

    private mutating func fail(_ kind: HTTPError.Kind) -> Bool {
        failure = kind
        return false
    }

    /// Refuses a body that says beforehand that it is too large, and makes room for one that is not.
    private mutating func takeLength() -> Bool {
        let lengths = Set(headers.lazy.filter { $0.isNamed("Content-Length") }.map(\.value))
        // Two different lengths are two different answers (RFC 9112, 6.3).
        guard lengths.count < 2 else { return fail(.malformedResponse) }
        guard hasBody, status >= 200, let count = lengths.first.flatMap({ Int($0) }),
            !headers.contains(where: { $0.isNamed("Content-Encoding") })
        else { return true }
        if count > limit { return fail(.tooLarge) }
        if count > 0, output == nil || !isSuccess { body.reserveCapacity(min(count, 1 << 20)) }
        return true
    }

    /// What is no part of a value, like a carriage return by itself, becomes a blank (RFC 9110, 5.5).
    private static func value(_ octets: Slice<UnsafeRawBufferPointer>) -> String {
        String(decoding: octets.lazy.map { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self).trimmed
    }

    private static func status(of line: Slice<UnsafeRawBufferPointer>) -> Int {
        guard let blank = line.firstIndex(of: 0x20) else { return 0 }
        let digits = line[(blank + 1)...].prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return 0 }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
