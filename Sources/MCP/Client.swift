/// The client of one request, for a tool that works for it.
public struct Client: Sendable {
    /// A client that cannot be asked and is told of no progress.
    package static let nobody = Client()
}
