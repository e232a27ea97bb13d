#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A program started by us that inherits nothing it is not given: no pipe of the host's, no lock, no secret of our environment.
package struct ChildProcess: Sendable {
    package let id: pid_t

    /// Where one of the standard three leads.
    package enum Stream: Sendable, Equatable {
        case nothing
        /// A file it is appended to.
        case file(String)
        /// An open descriptor of ours, which stays ours.
        case descriptor(Int32)
        /// Where ours leads.
        case inherited
    }

    /// Starts a server in the background, which leads a session of its own, so that a signal to our process group does not reach it.
    ///
    /// - Parameters:
    ///   - output: the file its output is appended to.
    /// - Throws: the system's error number.
    init(_ arguments: [String], output: String) throws(SystemError) {
        try self.init(
            arguments, input: .nothing, output: .file(output), errors: .file(output),
            environment: ["PATH": Self.path, "LC_MESSAGES": "C"], leadsSession: true)
    }

    /// - Parameters:
    ///   - arguments: the program's absolute path and its arguments.
    ///   - folder: where it starts; nil for where we are.
    ///   - leadsSession: whether it leaves our session, and with it our terminal and its signals.
    /// - Throws: the system's error number.
    package init(
        _ arguments: [String], input: Stream, output: Stream, errors: Stream, environment: [String: String],
        folder: String? = nil, leadsSession: Bool = false
    ) throws(SystemError) {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, stream) in [(Int32(0), input), (1, output), (2, errors)] {
            switch stream {
            case .nothing: posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
            case .file(let path):
                posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            case .descriptor(let ours): posix_spawn_file_actions_adddup2(&actions, ours, number)
            case .inherited:
                #if canImport(Darwin)
                    posix_spawn_file_actions_addinherit_np(&actions, number)
                #endif
            }
        }
        if let folder, !Self.start(in: folder, &actions) { throw SystemError(number: ENOSYS) }
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        #if canImport(Darwin)
            flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
            if leadsSession { flags |= POSIX_SPAWN_SETSID }
        #else
            if leadsSession { flags |= 0x80 }  // POSIX_SPAWN_SETSID
            for descriptor in Self.inheritable() { posix_spawn_file_actions_addclose(&actions, descriptor) }
        #endif
        // A host may start us with signals ignored or blocked; a server must not inherit that.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGPIPE, SIGCHLD, SIGUSR1, SIGUSR2] {
            sigaddset(&signals, signal)
        }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] { texts.map { strdup($0) } + [nil] }
        let variables = copies(environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
        let words = copies(arguments)
        defer { (variables + words).forEach { free($0) } }
        var id = pid_t()
        let error = posix_spawn(&id, arguments[0], &actions, &attributes, words, variables)
        if error != 0 { throw SystemError(number: error) }
        self.id = id
    }

    /// Our own, or where programs usually are.
    package static var path: String {
        getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    }

    #if canImport(Darwin)
        private static func start(in folder: String, _ actions: inout posix_spawn_file_actions_t?) -> Bool {
            posix_spawn_file_actions_addchdir_np(&actions, folder) == 0
        }
    #else
        /// The C library has it (glibc 2.29, musl 1.1.24), and its Swift module leaves it out.
        private static func start(in folder: String, _ actions: inout posix_spawn_file_actions_t) -> Bool {
            typealias Add =
                @convention(c) (
                    UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>
                ) -> Int32
            guard let symbol = dlsym(nil, "posix_spawn_file_actions_addchdir_np") else { return false }
            return unsafeBitCast(symbol, to: Add.self)(&actions, folder) == 0
        }
    #endif

    #if !canImport(Darwin)
        /// What a program started now would inherit beside the standard three: the host's, for ours close by themselves.
        private static func inheritable() -> [Int32] {
            guard let directory = opendir("/proc/self/fd") else { return Array(3..<256) }
            defer { closedir(directory) }
            var found: [Int32] = []
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                guard let descriptor = Int32(name), descriptor > 2 else { continue }
                let flags = fcntl(descriptor, F_GETFD)
                if flags >= 0, flags & FD_CLOEXEC == 0 { found.append(descriptor) }
            }
            return found
        }
    #endif

    /// Waits for its end and returns its exit code, or the negated number of the signal that ended it.
    package func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 { if errno != EINTR { return -1 } }
        return Self.code(status)
    }

    /// As ``wait()``, but no longer than `patience`: nil when it still runs then.
    package func wait(atMost patience: Duration) -> Int32? {
        let end = monotonicNanoseconds() + patience.nanoseconds
        var status: Int32 = 0
        while true {
            let found = waitpid(id, &status, WNOHANG)
            if found == id { return Self.code(status) }
            if found < 0, errno != EINTR { return -1 }
            if monotonicNanoseconds() >= end { return nil }
            usleep(1000)
        }
    }

    /// Ends it, kindly first, and waits until it is gone.
    @discardableResult
    package func end(within patience: Duration = .seconds(2)) -> Int32 {
        kill(id, SIGTERM)
        if let code = wait(atMost: patience) { return code }
        kill(id, SIGKILL)
        return wait()
    }

    private static func code(_ status: Int32) -> Int32 {
        status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }
}

/// An `errno` with its text.
package struct SystemError: Error, CustomStringConvertible {
    package let number: Int32

    package static var last: SystemError { SystemError(number: errno) }

    package var description: String { String(cString: strerror(number)) }
}
