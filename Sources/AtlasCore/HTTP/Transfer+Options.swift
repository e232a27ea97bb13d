import CCurl

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The options of one of libcurl's handles. What it refuses is remembered: without a rule for our safety nothing may be sent.
struct EasyOptions {
    let curl: UnsafePointer<AtlasCurl>
    let easy: OpaquePointer
    private(set) var areRefused = false

    init(curl: UnsafePointer<AtlasCurl>, easy: OpaquePointer) {
        self.curl = curl
        self.easy = easy
    }

    mutating func require(_ code: CURLcode) { if code != CURLE_OK { areRefused = true } }
    mutating func set(_ option: CURLoption, _ value: Int) { require(atlas_curl_set_long(curl, easy, option, value)) }
    mutating func set(_ option: CURLoption, _ text: String?) { require(atlas_curl_set_text(curl, easy, option, text)) }
    mutating func set(_ option: CURLoption, _ pointer: UnsafeMutableRawPointer) {
        require(atlas_curl_set_pointer(curl, easy, option, pointer))
    }
    mutating func set(_ option: CURLoption, _ function: AtlasCurlData) {
        require(atlas_curl_set_data_function(curl, easy, option, function))
    }
    /// For what is good to have, but not in every libcurl.
    func prefer(_ option: CURLoption, _ value: Int) { _ = atlas_curl_set_long(curl, easy, option, value) }

    /// TLS of today, with a certificate that one of the authorities vouches for and that is for the host's name.
    mutating func verify(by authorities: CertificateAuthorities) {
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        switch authorities.source {
        case .library: break
        case .file(let path):
            set(CURLOPT_CAINFO, path)
            // With a folder of authorities beside the file, libcurl would not keep what it read.
            set(CURLOPT_CAPATH, nil)
        case .octets(let octets):
            octets.withUnsafeBytes { octets in
                guard let base = octets.baseAddress else { return }
                require(atlas_curl_set_blob(curl, easy, CURLOPT_CAINFO_BLOB, base, octets.count))
            }
        }
    }
}

extension Transfer {
    /// The most time that names, connection and TLS may take.
    private static let longestConnecting = 10_000

    /// Prepares a fresh handle for this transfer. `list` holds the header lines and must live as long as the transfer.
    ///
    /// - Returns: false when libcurl does not do what is needed.
    func prepare(
        _ easy: OpaquePointer, curl: UnsafePointer<AtlasCurl>, authorities: CertificateAuthorities,
        list: UnsafeMutablePointer<curl_slist>?, milliseconds: Int
    ) -> Bool {
        var options = EasyOptions(curl: curl, easy: easy)
        options.set(CURLOPT_URL, address.text)
        options.require(atlas_curl_allow_http_only(curl, easy))
        options.require(atlas_curl_set_list(curl, easy, CURLOPT_HTTPHEADER, list))
        options.set(CURLOPT_FOLLOWLOCATION, 0)
        options.set(CURLOPT_TIMEOUT_MS, milliseconds)
        options.set(CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, Self.longestConnecting))
        options.set(CURLOPT_NOSIGNAL, 1)
        // A transfer that ends while a name is being resolved would wait for the resolver, and with it all others.
        options.prefer(CURLoption(rawValue: 322), 1)  // CURLOPT_QUICK_EXIT, since 7.87
        options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Every coding that libcurl can undo. The limit counts what comes out.
        options.set(CURLOPT_ACCEPT_ENCODING, "")
        // The proxies of the environment, but nobody stands between us and our own machine.
        if address.isLoopback { options.set(CURLOPT_PROXY, "") }
        prepareConnection(&options, authorities)
        if let digest {
            options.set(CURLOPT_HTTPAUTH, Int(ATLAS_CURLAUTH_DIGEST))
            options.set(CURLOPT_USERNAME, digest.user)
            options.set(CURLOPT_PASSWORD, digest.password)
        }
        prepareMethod(&options)
        prepareCallbacks(&options)
        return !options.areRefused
    }

    private func prepareConnection(_ options: inout EasyOptions, _ authorities: CertificateAuthorities) {
        options.verify(by: authorities)
        options.prefer(CURLOPT_HTTP_VERSION, address.isSecure ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
        if method.isSafe {
            // Wait for a connection that is being made rather than make another: it may carry many at once.
            options.prefer(CURLOPT_PIPEWAIT, address.isSecure ? 1 : 0)
        } else {
            // A kept connection may have been closed a moment ago, and then nobody knows whether the request was read.
            options.set(CURLOPT_FRESH_CONNECT, 1)
        }
    }

    private func prepareMethod(_ options: inout EasyOptions) {
        switch method {
        case .head: options.set(CURLOPT_NOBODY, 1)
        case .get where body == nil: options.set(CURLOPT_HTTPGET, 1)
        case .delete where body == nil:
            options.set(CURLOPT_HTTPGET, 1)
            options.set(CURLOPT_CUSTOMREQUEST, method.rawValue)
        case .get, .delete, .post, .put, .patch, .propfind, .report:
            options.set(CURLOPT_POST, 1)
            options.set(CURLOPT_CUSTOMREQUEST, method.rawValue)
            prepareBody(&options)
        }
    }

    private func prepareBody(_ options: inout EasyOptions) {
        options.require(
            atlas_curl_set_offset(
                options.curl, options.easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body?.count ?? 0)))
        guard let body, body.count > 0 else { return options.set(CURLOPT_COPYPOSTFIELDS, "") }
        if let octets = body.octets {
            // Sent together with the header fields, as far as one packet goes.
            octets.withUnsafeBytes {
                options.require(
                    atlas_curl_set_pointer(options.curl, options.easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress))
            }
        } else {
            options.set(CURLOPT_READFUNCTION) { data, size, count, context in
                guard
                    let given = Transfer.of(context).giveBody(
                        UnsafeMutableRawBufferPointer(start: data, count: size * count))
                else { return Int(CURL_READFUNC_ABORT) }
                return given
            }
            options.set(CURLOPT_READDATA, Unmanaged.passUnretained(self).toOpaque())
        }
    }

    private func prepareCallbacks(_ options: inout EasyOptions) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        options.require(
            atlas_curl_set_prerequest(options.curl, options.easy) { context, _, _, _, _ in
                Transfer.of(context).mayStart() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            })
        options.set(CURLOPT_PREREQDATA, context)
        // What is not taken whole ends the transfer.
        options.set(CURLOPT_HEADERFUNCTION) { data, size, count, context in
            let octets = UnsafeRawBufferPointer(start: data, count: size * count)
            return Transfer.of(context).takeHeader(octets) ? octets.count : 0
        }
        options.set(CURLOPT_HEADERDATA, context)
        options.set(CURLOPT_WRITEFUNCTION) { data, size, count, context in
            let octets = UnsafeRawBufferPointer(start: data, count: size * count)
            return octets.isEmpty || Transfer.of(context).takeBody(octets) ? octets.count : 0
        }
        options.set(CURLOPT_WRITEDATA, context)
    }

    /// The transfer that a callback is for: the loop keeps it as long as libcurl has its handle.
    private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    }
}
