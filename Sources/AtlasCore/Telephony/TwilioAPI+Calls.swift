import JSON

extension TwilioAPI {
    /// The most that one page of a list holds (Twilio, "Twilio's response", paging).
    private static let largestPage = 1000

    func call(_ sid: String) async throws -> Call {
        try Call(twilio: await read(path(ofCall: sid) + ".json"), account.company)
    }

    func calls(_ filter: CallFilter, limit: Int) async throws -> [Call] {
        let first = [
            ("Status", filter.status?.rawValue), ("To", filter.to), ("From", filter.from),
            ("PageSize", String(min(limit, Self.largestPage))),
        ]
        return try await list("/Calls.json", first, of: "calls", limit: limit) { try Call(twilio: $0, account.company) }
    }

    func makeCall(_ call: OutgoingCall) async throws -> Call {
        var form: [(String, String?)] = [("To", call.to), ("From", call.from)]
        switch call.script {
        case .twiml(let markup): form.append(("Twiml", markup))
        case .webhook(let url): form.append(("Url", url))
        }
        if let callback = call.statusCallback {
            form.append(("StatusCallback", callback))
            for event in ["initiated", "ringing", "answered", "completed"] {
                form.append(("StatusCallbackEvent", event))
            }
        }
        if call.records {
            form.append(("Record", "true"))
            form.append(("RecordingStatusCallback", call.recordingStatusCallback))
        }
        let json = try await post("/Calls.json", form, act: .call)
        // What cannot be read now was made all the same.
        do { return try Call(twilio: json, account.company) } catch {
            throw UncertainOutcome(Act.call.unknown(account.company))
        }
    }

    func hangUp(_ callSID: String) async throws -> Call {
        try Call(twilio: await change(path(ofCall: callSID) + ".json", [("Status", "completed")]), account.company)
    }

    /// A change that may be made twice without harm.
    func change(_ path: String, _ form: [(String, String?)]) async throws -> JSON {
        do { return try await post(path, form, act: nil) } catch let failure as HTTPFailure { throw failure.error }
    }

    /// Follows the pages of a list until `limit` is reached.
    func list<Element>(
        _ path: String, _ query: [(String, String?)], of name: String, limit: Int,
        _ element: (JSON) throws -> Element
    ) async throws -> [Element] {
        var found: [Element] = []
        var page = try await read(path, query)
        while true {
            guard let items = page[name]?.items else { throw TwilioRefusal.garbled(account.company) }
            for item in items where found.count < limit { found.append(try element(item)) }
            guard found.count < limit, !items.isEmpty, let next = page["next_page_uri"]?.text else { return found }
            // Only below our own account: whatever else stands there is not where our credentials go.
            guard next.hasPrefix(account.path + "/"), next.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw TwilioRefusal.garbled(account.company)
            }
            page = try await get(account.baseURL + next)
        }
    }
}

extension Call {
    /// Reads a call resource (Twilio, "Call resource").
    init(twilio json: JSON, _ company: TelephonyAccount.Company) throws {
        guard let sid = json["sid"]?.text, let status = json["status"]?.text else {
            throw TwilioRefusal.garbled(company)
        }
        self.init(
            callSID: sid, from: json["from"]?.text?.cleaned() ?? "", to: json["to"]?.text?.cleaned() ?? "",
            status: status.cleaned(), direction: json["direction"]?.text, duration: json["duration"]?.wholeNumber,
            startTime: json["start_time"]?.text.flatMap(TwilioDate.read),
            endTime: json["end_time"]?.text.flatMap(TwilioDate.read), answeredBy: json["answered_by"]?.text)
    }
}

extension JSON {
    /// A whole number, which Twilio writes as a string: `"15"`.
    var wholeNumber: Int? { integer ?? text.flatMap { Int($0) } ?? number.flatMap { Int(exactly: $0.rounded()) } }
}
