import CCurl

extension HTTPClient {
    /// Sends `request`, follows redirects and repeats reads, as far as it asks for that and its time allows.
    func exchange(_ request: HTTPRequest, output: OutputFile?) async throws -> HTTPResponse {
        let deadline = ContinuousClock.now + request.timeout
        let curl = try library(for: request)
        let address = try HTTPAddress(request.url, curl: curl)
        let body = try request.body.map { body throws(HTTPError) in try RequestBody(body, host: address.host) }
        var attempt = 1
        var mayHaveArrived = false
        while true {
            var outcome: Result<HTTPResponse, HTTPError>
            do {
                let loop = try running(curl, host: address.host)
                outcome = .success(
                    try await follow(request, address, body, output, deadline: deadline, on: loop, curl))
            } catch let error as HTTPError {
                mayHaveArrived = mayHaveArrived || error.mayHaveArrived
                outcome = .failure(HTTPError(error.kind, host: error.host, mayHaveArrived: mayHaveArrived))
            }
            if case .success(let response) = outcome { note(response, of: address.host) }
            guard request.method.isSafe,
                let pause = request.retries.pause(after: outcome, attempt: attempt, chance: .random(in: 0...1)),
                pause < deadline - .now, output?.empty() ?? true
            else { return try outcome.get() }
            if case .success = outcome { mayHaveArrived = true }
            try await Task.sleep(for: pause)
            attempt += 1
        }
    }

    /// One attempt, with its redirects (RFC 9110, 15.4).
    private func follow(
        _ request: HTTPRequest, _ first: HTTPAddress, _ firstBody: RequestBody?, _ output: OutputFile?,
        deadline: ContinuousClock.Instant, on loop: TransferLoop, _ curl: UnsafePointer<AtlasCurl>
    ) async throws -> HTTPResponse {
        var address = first
        var method = request.method
        var body = firstBody
        var isOrigin = true
        var followed = 0
        while true {
            let response: HTTPResponse
            do {
                let fields = try request.fields(for: address, isOrigin: isOrigin, type: body?.type)
                response = try await loop.perform(
                    Transfer(
                        method: method, address: address, fields: fields, body: body, deadline: deadline,
                        largestBody: request.largestBody, output: output,
                        digest: isOrigin ? request.authorization?.digest : nil))
            } catch let error as HTTPError where followed > 0 {
                throw HTTPError(error.kind, host: error.host, mayHaveArrived: true)
            }
            guard request.redirects > 0, [301, 302, 303, 307, 308].contains(response.status),
                let location = response[header: "Location"]
            else { return response }

            let next: HTTPAddress
            do {
                next = try address.following(location, curl: curl)
            } catch {
                let kind: HTTPError.Kind = error.kind == .invalidURL ? .malformedResponse : error.kind
                throw HTTPError(kind, host: error.host, mayHaveArrived: true)
            }
            switch response.status {
            case 303 where method != .head, 301 where method == .post, 302 where method == .post:
                method = .get
                body = nil
            default: break
            }
            // Once it has left for another origin, that one says where it goes: it does not come back to the credentials.
            isOrigin = isOrigin && next.isSameOrigin(as: first)
            if !isOrigin, request.staysOnOrigin || !method.isSafe || body != nil { return response }
            guard followed < request.redirects else {
                throw HTTPError(.tooManyRedirects, host: next.host, mayHaveArrived: true)
            }
            followed += 1
            address = next
        }
    }
}
