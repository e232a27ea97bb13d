import CPostgres

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// libpq's connection parameters, by keyword (PostgreSQL documentation, section 34.1.2).
struct ConnectionParameters: Sendable, Equatable {
    var values: [String: String]

    /// How many hosts are named.
    var hosts: Int {
        let list = values["hostaddr"] ?? values["host"] ?? ""
        return 1 + list.utf8.count { $0 == UInt8(ascii: ",") }
    }

    /// The same hosts, the first of them last.
    var rotated: ConnectionParameters {
        var copy = self
        for keyword in ["host", "hostaddr", "port"] {
            guard let list = values[keyword]?.split(separator: ",", omittingEmptySubsequences: false) else { continue }
            copy.values[keyword] = (list.dropFirst() + list.prefix(1)).joined(separator: ",")
        }
        return copy
    }

    /// The parameters with what we need set, where the user has not said otherwise.
    func completed(_ options: DatabaseOptions) -> ConnectionParameters {
        var copy = self
        copy.values["client_encoding"] = "UTF8"
        copy.values["fallback_application_name"] = options.applicationName
        // Bounds the connection attempt to each host, and notices a peer that is gone for good.
        let milliseconds = max(1, options.connectTimeout.nanoseconds / 1_000_000)
        copy.values["tcp_user_timeout"] = values["tcp_user_timeout"] ?? "\(milliseconds)"
        if options.tellsServerOfTimeout, let limit = options.statementTimeout {
            // Our statements are written so that one plan fits all values. PostgreSQL would try for better ones by planning a
            // statement anew at each call, and planning the look of an upsert takes several times as long as looking.
            let own =
                "-c statement_timeout=\(max(1, limit.nanoseconds / 1_000_000)) -c plan_cache_mode=force_generic_plan"
            copy.values["options"] = values["options"].map { own + " " + $0 } ?? own
        }
        return copy
    }
}

extension Connection {
    /// Connects, or gives up when the time for it is over.
    static func open(_ parameters: ConnectionParameters, _ options: DatabaseOptions) throws -> Connection {
        let pq = try libpq()
        let seconds = parameters.values["connect_timeout"].flatMap { Int64($0) } ?? 0
        let patience = seconds > 0 ? seconds * 1_000_000_000 : options.connectTimeout.nanoseconds
        let end = monotonicNanoseconds() + patience * Int64(parameters.hosts)
        var options = options
        var parameters = parameters
        /// Why it had to be tried again: more telling than that the time is over.
        var refusal: DatabaseError?
        while true {
            let turn = min(end, monotonicNanoseconds() + patience)
            do {
                return try attempt(pq, parameters.completed(options), options, end: turn)
            } catch let error as DatabaseError where error.sqlState == nil && monotonicNanoseconds() >= end {
                throw refusal ?? error
            } catch let error as DatabaseError where error.sqlState == "08P01" && options.tellsServerOfTimeout {
                options.tellsServerOfTimeout = false  // a pooler that takes no start-up options
            } catch let error as DatabaseError where error.sqlState == "57P03" && monotonicNanoseconds() < end {
                refusal = error
                usleep(50_000)  // it is starting up, or recovering
            } catch let error as DatabaseError where error.sqlState == "53300" && monotonicNanoseconds() < end {
                // Others have all its connections: one may come free. A try costs the server a process, hence the pause.
                refusal = error
                usleep(.random(in: 200_000...400_000))
            } catch let error as DatabaseError where error.kind == .unavailable && turn < end {
                // A host that takes connections and says nothing, as one that is frozen, must not keep us from the next: libpq
                // leaves this to those who do not block in it (PostgreSQL documentation, section 34.1.1).
                guard monotonicNanoseconds() >= turn else { throw error }
                parameters = parameters.rotated
            }
        }
    }

    static func libpq() throws -> UnsafePointer<AtlasPQ> {
        var problem: UnsafePointer<CChar>?
        guard let pq = atlas_pq(&problem) else {
            throw DatabaseError(
                .missingLibrary,
                message:
                    "PostgreSQL's client library libpq (14 or newer) is not installed. Install it (Debian: apt install "
                    + "libpq5, macOS: brew install libpq).",
                detail: problem.map { String(cString: $0) })
        }
        return pq
    }

    private static func attempt(
        _ pq: UnsafePointer<AtlasPQ>, _ parameters: ConnectionParameters, _ options: DatabaseOptions, end: Int64
    ) throws -> Connection {
        let names = parameters.values.keys.map { strdup($0) }
        let values = parameters.values.values.map { strdup($0) }
        defer { (names + values).forEach { free($0) } }
        let raw = pq.pointee.PQconnectStartParams(
            names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 0)
        guard let raw else { throw DatabaseError(.unavailable, detail: "out of memory") }
        // Only codes: the server's texts quote names.
        _ = pq.pointee.PQsetErrorVerbosity(raw, PQERRORS_SQLSTATE)
        _ = pq.pointee.PQsetNoticeReceiver(raw, { _, _ in }, nil)
        do {
            try poll(pq, raw, end: end)
        } catch {
            pq.pointee.PQfinish(raw)
            throw error
        }
        let connection = Connection(pq: pq, raw: raw, options: options)
        guard connection.serverVersion >= 130_000 else {
            throw DatabaseError(.tooOld, detail: "server version \(connection.serverVersion)")
        }
        guard pq.pointee.PQsetnonblocking(raw, 1) == 0, pq.pointee.PQenterPipelineMode(raw) == 1 else {
            throw DatabaseError(.unavailable, detail: "no pipeline mode")
        }
        return connection
    }

    private static func poll(_ pq: UnsafePointer<AtlasPQ>, _ raw: OpaquePointer, end: Int64) throws {
        guard pq.pointee.PQstatus(raw) != CONNECTION_BAD else { throw refusal(pq, raw) }
        var status = PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            // Rounded up: who gives up has reached `end`.
            let left = (end - monotonicNanoseconds() + 999_999) / 1_000_000
            guard left > 0 else { throw DatabaseError(.unavailable, detail: "no connection in time") }
            var descriptor = pollfd(fd: pq.pointee.PQsocket(raw), events: 0, revents: 0)
            descriptor.events = Int16(status == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            let count = Self.wait(&descriptor, Int32(min(left, 1000)))
            if count == 0 || (count < 0 && errno == EINTR) { continue }
            status = pq.pointee.PQconnectPoll(raw)
            if status == PGRES_POLLING_FAILED { throw refusal(pq, raw) }
        }
    }

    private static func wait(_ descriptor: inout pollfd, _ milliseconds: Int32) -> Int32 {
        #if canImport(Darwin)
            Darwin.poll(&descriptor, 1, milliseconds)
        #elseif canImport(Glibc)
            Glibc.poll(&descriptor, 1, milliseconds)
        #else
            Musl.poll(&descriptor, 1, milliseconds)
        #endif
    }

    /// Why the server, or the way to it, said no.
    private static func refusal(_ pq: UnsafePointer<AtlasPQ>, _ raw: OpaquePointer) -> DatabaseError {
        let text = pq.pointee.PQerrorMessage(raw).map { String(cString: $0) } ?? ""
        // The server's own refusals end their line with the code: "…FATAL:  28P01".
        let state = text.split(separator: "\n").compactMap { line -> String? in
            guard line.dropLast(5).hasSuffix(":  "), line.suffix(5).allSatisfy({ $0.isNumber || $0.isUppercase }) else {
                return nil
            }
            return String(line.suffix(5))
        }.last
        if let state {
            let kind = DatabaseError.kind(ofState: state, constraint: nil)
            return DatabaseError(kind == .other ? .unavailable : kind, sqlState: state, detail: "while connecting")
        }
        if pq.pointee.PQconnectionNeedsPassword(raw) != 0 {
            return DatabaseError(.authentication, detail: "the server asks for a password")
        }
        // What `target_session_attrs` turns down is told by libpq itself, without a code.
        let takesNoChanges = text.contains("session is read-only") || text.contains("server is in hot standby mode")
        return DatabaseError(
            .unavailable, message: takesNoChanges ? DatabaseError.takesNoChanges : nil,
            detail: text.split(separator: "\n").joined(separator: "; "))
    }
}
