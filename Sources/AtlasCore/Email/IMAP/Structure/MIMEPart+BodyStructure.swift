import MIME

extension MIMEPart {
    /// How deep and how many parts are read, as of whole messages.
    private static let deepest = 32
    private static let mostParts = 1000

    /// The parts of a message as a server tells them (BODYSTRUCTURE, or BODY without extensions), without contents. Sections are
    /// numbered as by `MailMessage`, so that the section of a part fetches it, except those that have parts of their own.
    ///
    /// - Returns: nil when it is no structure at all.
    init?(bodyStructure value: IMAPValue) {
        guard let root = BodyStructure(value) else { return nil }
        var nodes = [Node(body: root, parent: nil, section: root.kind == .multipart ? "" : "1", depth: 0)]
        // A list of what waits, in place of recursion; what is inside a node comes directly behind it, in order.
        var waiting = Array(Self.inner(of: nodes[0], at: 0).reversed())
        while let next = waiting.popLast(), nodes.count < Self.mostParts {
            guard let body = BodyStructure(next.value) else { continue }
            let isUnnumbered = body.kind == .multipart && nodes[next.parent].body.kind == .message
            let section = isUnnumbered ? "\(nodes[next.parent].section).TEXT" : next.section
            nodes.append(
                Node(body: body, parent: next.parent, section: section, depth: nodes[next.parent].depth + 1))
            waiting += Self.inner(of: nodes[nodes.count - 1], at: nodes.count - 1).reversed()
        }
        self = Self.tree(of: nodes)
    }

    private struct Node {
        let body: BodyStructure
        let parent: Int?
        let section: String
        let depth: Int
    }

    private struct Waiting {
        let value: IMAPValue
        let parent: Int
        let section: String
    }

    private static func inner(of node: Node, at index: Int) -> [Waiting] {
        guard node.depth < deepest else { return [] }
        // A multipart that is a message gives its parts the number of the message.
        let above = node.section.hasSuffix(".TEXT") ? String(node.section.dropLast(5)) : node.section
        return node.body.inner.prefix(mostParts).enumerated().map { number, value in
            Waiting(value: value, parent: index, section: above.isEmpty ? "\(number + 1)" : "\(above).\(number + 1)")
        }
    }

    /// Put together from the last to the first: every part stands behind the one that it is in.
    private static func tree(of nodes: [Node]) -> MIMEPart {
        var children = [[MIMEPart]](repeating: [], count: nodes.count)
        var root = MIMEPart(section: "1")
        for (index, node) in nodes.enumerated().reversed() {
            let part = MIMEPart(
                section: node.section, header: node.body.header, contentType: node.body.type,
                disposition: node.body.disposition, encoding: node.body.encoding, size: node.body.size,
                children: children[index].reversed())
            children[index] = []
            if let parent = node.parent { children[parent].append(part) } else { root = part }
        }
        return root
    }
}
