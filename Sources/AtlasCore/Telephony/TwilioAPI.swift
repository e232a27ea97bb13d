import JSON

/// Twilio's REST API, 2010-04-01, and SignalWire's copy of it.
///
/// Reads are repeated after failures that may pass. What makes a call, sends a message or starts a recording goes out once: when
/// the provider may have taken it and we do not know, that is an ``UncertainOutcome``.
struct TwilioAPI: TelephonyProvider {
    let account: TelephonyAccount
    let http: HTTPClient
    /// For reads; what changes something has the same, once.
    var timeout: Duration = .seconds(30)

    var name: String { account.company.rawValue }

    /// The path of one call, below the account. Ids come from callers, and become part of it only if they have their shape.
    func path(ofCall sid: String) throws(AtlasError) -> String {
        "/Calls/" + (try SID.check(sid, prefix: "CA", parameter: "call_sid", of: account.company))
    }

    func path(ofRecording sid: String) throws(AtlasError) -> String {
        "/Recordings/" + (try SID.check(sid, prefix: "RE", parameter: "recording_sid", of: account.company))
    }

    /// `GET` below the account; `nil` query values are left out.
    func read(_ path: String, _ query: [(String, String?)] = []) async throws -> JSON {
        try await get(account.baseURL + account.path + path + FormEncoding.query(query))
    }

    func get(_ url: String) async throws -> JSON {
        var request = HTTPRequest(.get, url)
        request.retries = .reads
        let response = try await send(request)
        guard let json = response.json else { throw TwilioRefusal.garbled(account.company) }
        return json
    }

    /// `POST` below the account, once.
    ///
    /// - Parameter act: what the request does, for the words of an ``UncertainOutcome``; nil where doing it twice does no harm.
    func post(_ path: String, _ form: [(String, String?)], act: Act?) async throws -> JSON {
        let fields = form.compactMap { name, value in value.map { (name: name, value: $0) } }
        let request = HTTPRequest(.post, account.baseURL + account.path + path, body: .form(fields))
        guard let act else {
            let response = try await send(request)
            guard let json = response.json else { throw TwilioRefusal.garbled(account.company) }
            return json
        }
        do {
            let response = try await send(request)
            // It took what we sent, and we cannot read what became of it.
            guard let json = response.json else { throw UncertainOutcome(act.unknown(account.company)) }
            return json
        } catch let failure as HTTPFailure {
            guard failure.mayHaveArrived else { throw failure.error }
            throw UncertainOutcome(act.unknown(account.company))
        }
    }

    /// A change that must not happen twice, in words.
    enum Act {
        case call, message, recording

        func unknown(_ company: TelephonyAccount.Company) -> AtlasError {
            let words =
                switch self {
                case .call: "the call may or may not have been made. Look with list_calls before you call again"
                case .message:
                    "the message may or may not have been sent. Ask the recipient, or look in its log, before you send it again"
                case .recording:
                    "the recording may or may not have been started. Look with list_recordings before you start another"
                }
            return AtlasError(
                .upstreamError, "\(company.title) gave no clear answer, so \(words).", retryable: false)
        }
    }

    /// The failure of one exchange, and whether the provider may have acted on the request.
    struct HTTPFailure: Error {
        let error: AtlasError
        let mayHaveArrived: Bool
    }

    private func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var request = request
        request.authorization = account.authorization
        request.timeout = timeout
        request.headers.append(HTTPHeader("Accept", "application/json"))
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch let error as HTTPError {
            let isRead = request.method == .get
            let words = AtlasError(error, service: account.company.title, isRead: isRead)
            guard !isRead else { throw words }
            throw HTTPFailure(error: words, mayHaveArrived: error.mayHaveArrived)
        }
        guard response.isSuccess else {
            let refusal = TwilioRefusal(response, company: account.company)
            // After a fault of its own the provider may have done it all the same.
            guard request.method != .get, response.status >= 500 else { throw refusal.error }
            throw HTTPFailure(error: refusal.error, mayHaveArrived: true)
        }
        return response
    }
}
