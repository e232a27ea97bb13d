#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A program started by us that inherits nothing: no pipe of the host's, no lock, no secret of our environment.
///
/// It leads a session of its own, so that a signal to our process group does not reach it.
struct ChildProcess {
    let id: pid_t

    /// - Parameters:
    ///   - output: the file its output is appended to.
    /// - Throws: the system's error number.
    init(_ arguments: [String], output: String) throws(SystemError) {
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
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        #if canImport(Darwin)
            flags |= POSIX_SPAWN_SETSID | POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
            flags |= 0x80  // POSIX_SPAWN_SETSID
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

        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] { texts.map { strdup($0) } + [nil] }
        let environment = copies(["PATH=" + path, "LC_MESSAGES=C"])
        let words = copies(arguments)
        defer { (environment + words).forEach { free($0) } }
        var id = pid_t()
        let error = posix_spawn(&id, arguments[0], &actions, &attributes, words, environment)
        if error != 0 { throw SystemError(number: error) }
        self.id = id
    }

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
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 { if errno != EINTR { return -1 } }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }
}

/// An `errno` with its text.
struct SystemError: Error, CustomStringConvertible {
    let number: Int32

    static var last: SystemError { SystemError(number: errno) }

    var description: String { String(cString: strerror(number)) }
}
