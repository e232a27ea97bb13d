#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

extension TwilioAPI {
    func recordings(of callSID: String) async throws -> [Recording] {
        // The call itself tells a call without recordings from one that does not exist only by a 404.
        try await list(
            path(ofCall: callSID) + "/Recordings.json", [("PageSize", String(Recording.most))], of: "recordings",
            limit: Recording.most
        ) {
            try recording($0)
        }
    }

    func recordings(since: Date, limit: Int) async throws -> [Recording] {
        let first: [(String, String?)] = [
            // The parameter's name ends in ">" (Twilio, "Read multiple Recording resources"); it takes a day in UTC.
            ("DateCreated>", String(BusinessTime(zone: .utc).iso8601(since).prefix(10))),
            ("PageSize", String(min(limit, Recording.most))),
        ]
        return try await list("/Recordings.json", first, of: "recordings", limit: limit) { try recording($0) }
    }

    func recording(_ sid: String) async throws -> Recording {
        try recording(await read(path(ofRecording: sid) + ".json"))
    }

    func startRecording(of callSID: String, statusCallback: String?) async throws -> Recording {
        let form: [(String, String?)] = [("RecordingStatusCallback", statusCallback)]
        do {
            return try recording(await post(path(ofCall: callSID) + "/Recordings.json", form, act: .recording))
        } catch let outcome as UncertainOutcome {
            throw outcome.error
        }
    }

    func stopRecording(_ sid: String, of callSID: String) async throws -> Recording {
        let path = try path(ofCall: callSID) + path(ofRecording: sid) + ".json"
        return try recording(await change(path, [("Status", "stopped")]))
    }

    func downloadRecording(_ sid: String, to path: String, largest: Int) async throws {
        _ = try await audio(sid, "wav", largest) { try await http.download($0, to: path) }
    }

    func recordingAudio(_ sid: String, largest: Int) async throws -> [UInt8] {
        try await audio(sid, "mp3", largest, http.send).body
    }

    private func audio(
        _ sid: String, _ format: String, _ largest: Int, _ fetch: (HTTPRequest) async throws -> HTTPResponse
    ) async throws -> HTTPResponse {
        var request = try HTTPRequest(.get, account.baseURL + account.path + path(ofRecording: sid) + ".\(format)")
        request.authorization = account.authorization
        request.timeout = .seconds(300)
        request.largestBody = largest
        request.redirects = 3  // the audio may be kept elsewhere, behind a signed URL
        request.retries = .reads
        let response: HTTPResponse
        do {
            response = try await fetch(request)
        } catch let error as HTTPError where error.kind == .tooLarge {
            throw AtlasError(
                .invalidArgument,
                "The recording has more than \(largest >> 10) KB. Fetch it from its media_url with the provider's credentials.",
                parameter: "recording_sid")
        } catch let error as HTTPError {
            throw AtlasError(error, service: account.company.title, isRead: true)
        }
        guard response.isSuccess else { throw TwilioRefusal(response, company: account.company).error }
        return response
    }

    private func recording(_ json: JSON) throws -> Recording {
        guard let sid = json["sid"]?.text, let call = json["call_sid"]?.text, let status = json["status"]?.text else {
            throw TwilioRefusal.garbled(account.company)
        }
        return Recording(
            recordingSID: sid, callSID: call, status: status.cleaned(),
            duration: json["duration"]?.wholeNumber.flatMap { $0 < 0 ? nil : $0 },
            dateCreated: json["date_created"]?.text.flatMap(TwilioDate.read),
            mediaURL: json["media_url"]?.text?.cleaned() ?? account.baseURL + account.path + "/Recordings/\(sid)")
    }
}
