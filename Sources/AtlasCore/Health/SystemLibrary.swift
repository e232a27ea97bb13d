/// The libraries of the system that are opened when they are first needed, so that a program starts without them.
public enum SystemLibrary: String, Sendable, CaseIterable {
    case libpq, libcurl, libxml2, libical, libcrypto

    /// Whether it can be opened, in a version that will do.
    public var isThere: Bool {
        switch self {
        case .libpq: (try? Connection.libpq()) != nil
        case .libcurl: HTTPClient.hasLibrary
        case .libxml2: XMLElement.hasLibrary
        case .libical: RecurrenceExpansion.hasLibrary
        case .libcrypto: RSAKey.hasLibrary
        }
    }

    /// What is not there without it.
    public var purpose: String {
        switch self {
        case .libpq: "the database"
        case .libcurl: "mail, telephony, Google, CalDAV and the models"
        case .libxml2: "CalDAV, mail in HTML and twiml"
        case .libical: "events that repeat"
        case .libcrypto: "a service account of Google's"
        }
    }

    /// How it is installed.
    public var installation: String {
        switch self {
        case .libpq: "Install libpq 14 or newer (Debian: apt install libpq5, macOS: brew install libpq)."
        case .libcurl: "Install libcurl 7.80 or newer (Debian: apt install libcurl4, macOS: brew install curl)."
        case .libxml2: "Install it (Debian: apt install libxml2, macOS: brew install libxml2)."
        case .libical: "Install it (Debian: apt install libical3, macOS: brew install libical)."
        case .libcrypto: "Install OpenSSL 1.1.1 or newer (Debian: apt install openssl, macOS: brew install openssl)."
        }
    }
}
