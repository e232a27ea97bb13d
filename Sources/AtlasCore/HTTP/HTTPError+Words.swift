extension AtlasError {
    init(_ error: HTTPError, service: String) { self.init(.unavailable, "\(service) cannot be reached.") }
}
