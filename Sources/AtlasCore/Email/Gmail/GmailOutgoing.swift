import JSON

/// A message's way to Gmail, as base64 in JSON, or, when it is long, as it is.
struct GmailOutgoing: Sendable {
    let api: GmailAPI
    /// Beyond this it is uploaded (Gmail API, "Upload attachments"): base64 makes it a third longer, and JSON is for short things.
    static let largestInJSON = 5 << 20
    /// What an upload may have.
    static let largest = 35 << 20

    /// - Returns: Gmail's id of the message; nil when it does not say.
    func saveDraft(_ message: [UInt8], thread: String?) async throws -> String? {
        let response: HTTPResponse
        do {
            response = try await api.exchange(try request("/drafts", message, thread: thread, isDraft: true))
        } catch let error as HTTPError {
            throw AtlasError(error, service: GoogleService.gmail.name)
        }
        if response.status == 404, thread != nil { return try await saveDraft(message, thread: nil) }
        guard response.isSuccess else { throw GmailAPI.refusal(response, needs: .modify).error }
        return response.json?["message"]?["id"]?.text.flatMap { GmailID.isRaw($0) ? $0 : nil }
    }

    func request(_ path: String, _ message: [UInt8], thread: String?, isDraft: Bool = false) throws(AtlasError)
        -> HTTPRequest
    {
        guard message.count <= Self.largest else {
            throw AtlasError(
                .invalidArgument,
                "The message has \(message.count >> 20) MB; Gmail takes \(Self.largest >> 20). Attach less.",
                parameter: "attachments")
        }
        var resource: JSON.Object = [:]
        if let thread { resource.append("threadId", .string(thread)) }
        func wrapped(_ resource: JSON.Object) -> JSON { isDraft ? ["message": .object(resource)] : .object(resource) }

        guard message.count > Self.largestInJSON else {
            resource.append("raw", .string(Base64URL.encode(message)))
            return HTTPRequest(.post, api.url(path), body: .json(wrapped(resource)))
        }
        let (body, type) = Self.related(wrapped(resource), message)
        var request = HTTPRequest(
            .post, "\(api.baseURL)/upload/gmail/v1/users/me\(path)?uploadType=multipart",
            body: .octets(body, type: type))
        request.timeout = .seconds(300)
        return request
    }

    /// `multipart/related` (RFC 2387): what is said of the message, and the message.
    private static func related(_ resource: JSON, _ message: [UInt8]) -> (body: [UInt8], type: String) {
        let boundary = MultipartEncoding.boundary()
        var body = Array("--\(boundary)\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n".utf8)
        body += resource.bytes
        body += Array("\r\n--\(boundary)\r\nContent-Type: message/rfc822\r\n\r\n".utf8)
        body += message
        body += Array("\r\n--\(boundary)--\r\n".utf8)
        return (body, "multipart/related; boundary=\(boundary)")
    }
}
