import AtlasCore
import AtlasServer
import MCP

enum MessageResources {
    static let templates: [ResourceTemplate<Mail>] = [
        ResourceTemplate(
            MessageURI.template, name: "message", title: "Message",
            description: "A message of the mailbox, with its text: headers, text, attachments.",
            mimeType: "application/json",
            read: { mail, variables in
                do {
                    let reading = try await mail.inbox.message(
                        variables["message_id"] ?? "", mailbox: nil, offset: 0, limit: 40_000)
                    return .json(reading.message)
                } catch let error as AtlasError where error.code == .notFound {
                    return nil
                }
            },
            complete: { mail, _, text, _ in try await mail.recentIDs(startingWith: text) })
    ]
}

/// Where a message can be read as a resource.
enum MessageURI {
    static let template = "atlas://messages/{message_id}"

    static func of(_ messageID: String) -> String { "atlas://messages/\(messageID)" }
}

extension Mail {
    /// The ids of the newest messages that begin with `text`, for completion.
    func recentIDs(startingWith text: String) async throws -> [String] {
        try await inbox.find("", mailbox: nil, limit: 50).messages.map(\.id).filter { $0.hasPrefix(text) }
    }
}
