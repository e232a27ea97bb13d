import CCurl

extension MailConnection {
    /// Connects, secures the connection, and logs in.
    ///
    /// A token that the server refuses is asked for anew once.
    /// - Throws: ``AtlasError`` that names the account's variables; `CancellationError`.
    static func open(_ account: MailServerAccount, timeout: Duration) async throws -> MailConnection {
        let deadline = ContinuousClock.now + timeout
        guard account.security != .none || account.isLoopback else { throw ConnectFailure.insecure(account) }
        guard let url = account.url else { throw ConnectFailure.invalidHost(account) }
        guard let curl = atlas_curl(nil) else { throw ConnectFailure.missingLibrary(account) }
        guard case .token(let user, let token) = account.credentials else {
            return try await open(account, url, account.secret, curl: curl, deadline: deadline)
        }
        do {
            let secret = MailSecret.token(user: user, token: try await token(false))
            return try await open(account, url, secret, curl: curl, deadline: deadline)
        } catch let refusal as AtlasError where refusal.code == .unauthenticated {
            let secret = MailSecret.token(user: user, token: try await token(true))
            return try await open(account, url, secret, curl: curl, deadline: deadline)
        }
    }

    private static func open(
        _ account: MailServerAccount, _ url: String, _ secret: MailSecret, curl: UnsafePointer<AtlasCurl>,
        deadline: ContinuousClock.Instant
    ) async throws -> MailConnection {
        let authorities: CertificateAuthorities
        do { authorities = try CertificateAuthorities(addedFile: account.caFile) } catch {
            throw AtlasError(error, service: account.name)
        }
        guard let handle = MailHandle(curl: curl) else { throw ConnectFailure.noMemory(account) }
        let outcome: ConnectOutcome
        do {
            outcome = try await handle.use { easy, multi -> Result<ConnectOutcome, MailConnectionError> in
                let lines = ServerLines()
                let problem = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
                problem.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
                defer {
                    // libcurl keeps what it was given; nobody writes there once the connection stands.
                    _ = atlas_curl_set_pointer(curl, easy, CURLOPT_ERRORBUFFER, nil)
                    _ = atlas_curl_set_pointer(curl, easy, CURLOPT_HEADERDATA, nil)
                    problem.deallocate()
                }
                var options = EasyOptions(curl: curl, easy: easy)
                account.prepare(&options, url: url, secret: secret, authorities: authorities, deadline: deadline)
                options.set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(problem))
                options.set(CURLOPT_HEADERDATA, Unmanaged.passUnretained(lines).toOpaque())
                guard !options.areRefused, curl.pointee.curl_multi_add_handle(multi, easy) == CURLM_OK else {
                    return .success(.refusedOptions)
                }
                let code = withExtendedLifetime(lines) {
                    perform(multi, curl: curl, handle: handle, deadline: deadline)
                }
                return code.map { code in
                    var outcome = ConnectOutcome(code: code, lines: lines.lines, problem: String(cString: problem))
                    outcome.read(from: easy, curl: curl)
                    return outcome
                }
            }
        } catch .cancelled {
            throw CancellationError()
        } catch {
            handle.close()
            throw ConnectFailure.timeout(account)
        }
        guard outcome.code == CURLE_OK, outcome.socket != CURL_SOCKET_BAD else {
            handle.close()
            throw ConnectFailure(account: account, secret: secret, outcome: outcome).error
        }
        return MailConnection(
            account: account, lines: outcome.lines, curl: curl, handle: handle, socket: outcome.socket)
    }

    /// Drives the one handle until it has connected or failed.
    private static func perform(
        _ multi: OpaquePointer, curl: UnsafePointer<AtlasCurl>, handle: MailHandle, deadline: ContinuousClock.Instant
    ) -> Result<CURLcode, MailConnectionError> {
        while true {
            var running: Int32 = 0
            _ = curl.pointee.curl_multi_perform(multi, &running)
            var left: Int32 = 0
            while let message = curl.pointee.curl_multi_info_read(multi, &left) {
                if message.pointee.msg == CURLMSG_DONE { return .success(message.pointee.data.result) }
            }
            if let interruption = handle.interruption { return .failure(interruption) }
            guard let milliseconds = deadline.millisecondsLeft else { return .success(CURLE_OPERATION_TIMEDOUT) }
            _ = curl.pointee.curl_multi_poll(multi, nil, 0, Int32(clamping: milliseconds), nil)
        }
    }
}

/// How libcurl's connecting ended.
struct ConnectOutcome: Sendable {
    var code: CURLcode
    var lines: [String] = []
    /// libcurl's own words.
    var problem = ""
    var socket = CURL_SOCKET_BAD
    /// OpenSSL's verdict on the certificate's chain; 0 when it is good.
    var verification = 0

    static let refusedOptions = ConnectOutcome(code: CURLE_NOT_BUILT_IN)

    mutating func read(from easy: OpaquePointer, curl: UnsafePointer<AtlasCurl>) {
        _ = atlas_curl_get_long(curl, easy, CURLINFO_SSL_VERIFYRESULT, &verification)
        if code == CURLE_OK { _ = atlas_curl_get_socket(curl, easy, &socket) }
    }
}
