#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The two file descriptors a conversation runs over.
package struct Wire: Sendable {
    let input: Int32
    let output: Int32

    package init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    /// Takes standard input and output for the protocol alone. From here on, what anybody prints goes to standard error and who
    /// reads standard input finds it empty; a stray `print` in a library cannot spoil the conversation.
    static func claimingStandardStreams() -> Wire {
        let input = fcntl(0, F_DUPFD_CLOEXEC, 3)
        let output = fcntl(1, F_DUPFD_CLOEXEC, 3)
        let nothing = open("/dev/null", O_RDWR)
        if nothing >= 0 {
            dup2(nothing, 0)
            if nothing > 2 { close(nothing) }
        }
        if dup2(2, 1) < 0 {
            let nowhere = open("/dev/null", O_WRONLY)
            if nowhere >= 0, nowhere != 1 {
                dup2(nowhere, 1)
                if nowhere > 2 { close(nowhere) }
            }
        }
        return Wire(input: input, output: output)
    }
}
