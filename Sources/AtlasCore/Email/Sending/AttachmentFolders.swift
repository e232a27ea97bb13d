import MIME

/// The folders whose files may be attached, and how large all attachments of one message may be together.
struct AttachmentFolders: Sendable {
    private let folders: [String]
    /// In octets.
    let largest: Int

    static let most = 10

    init(_ configuration: Configuration, largest: Int) {
        folders = configuration.folders(.attachmentDirs)
        self.largest = largest
    }

    /// Reads the files that a caller names, each a path, or one from the first folder that has it.
    ///
    /// - Throws: ``AtlasError`` `permission_denied` for what is not in the folders, `not_found`, `invalid_argument`.
    func read(_ paths: [String]) throws(AtlasError) -> [OutgoingMail.Attachment] {
        let paths = paths.map(\.trimmed).filter { !$0.isEmpty }
        guard !paths.isEmpty else { return [] }
        guard paths.count <= Self.most else {
            throw Self.refusal(.invalidArgument, "attachments must be at most \(Self.most), got \(paths.count).")
        }
        guard !folders.isEmpty else {
            throw Self.refusal(
                .permissionDenied,
                "Nothing can be attached: \(ConfigurationKey.attachmentDirs.name) names no folder. Ask the operator to set it."
            )
        }
        let open = folders.compactMap(LentFolder.init)
        guard !open.isEmpty else {
            throw Self.refusal(
                .notConfigured, "None of the folders in \(ConfigurationKey.attachmentDirs.name) is there.")
        }
        var attachments: [OutgoingMail.Attachment] = []
        var rest = largest
        for path in paths {
            let attachment = try read(path, from: open, limit: rest)
            rest -= attachment.octets.count
            attachments.append(attachment)
        }
        return attachments
    }

    private func read(
        _ path: String, from open: [LentFolder], limit: Int
    ) throws(AtlasError) -> OutgoingMail.Attachment {
        let shown = path.cleaned().cutShort(at: 200)
        let (folder, steps) = try find(path, shown, in: open)
        guard !steps.contains(where: { $0.hasPrefix(".") }) else {
            throw Self.refusal(.permissionDenied, "\(shown) is hidden, and hidden files are not attached.")
        }
        switch folder.contents(of: steps, limit: limit) {
        case .octets(let octets):
            let name = path.split(separator: "/").last.map(String.init) ?? "file"
            return OutgoingMail.Attachment(
                filename: name.cleaned().cutShort(at: 200), contentType: MediaType.ofFile(name), octets: octets)
        case .missing: throw Self.refusal(.notFound, "\(shown) cannot be read.")
        case .noFile: throw Self.refusal(.invalidArgument, "\(shown) is no file that can be attached.")
        case .tooLarge:
            throw Self.refusal(
                .invalidArgument,
                "The attachments are larger than \(largest >> 20) MB together (\(ConfigurationKey.largestAttachment.name)), with "
                    + "\(shown).")
        }
    }

    /// The folder that a path leads into, and the steps from there.
    private func find(
        _ path: String, _ shown: String, in open: [LentFolder]
    ) throws(AtlasError) -> (LentFolder, [String]) {
        let candidates = path.hasPrefix("/") ? [path] : open.map { $0.path + "/" + path }
        for candidate in candidates {
            guard let real = LentFolder.real(candidate) else { continue }
            for folder in open {
                if let steps = folder.steps(to: real) { return (folder, steps) }
            }
        }
        // Only of what would lie in a folder is it told whether it is there.
        let isBelow = candidates.contains { candidate in
            !candidate.split(separator: "/").contains("..") && LentFolder.real(candidate) == nil
                && (open.map(\.path) + folders).contains { candidate.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
        }
        guard !isBelow else { throw Self.refusal(.notFound, "There is no file \(shown).") }
        throw Self.refusal(
            .permissionDenied,
            "\(shown) is not in a folder that files may be attached from (\(ConfigurationKey.attachmentDirs.name)).")
    }

    private static func refusal(_ code: AtlasError.Code, _ words: String) -> AtlasError {
        AtlasError(code, words, parameter: "attachments")
    }
}
