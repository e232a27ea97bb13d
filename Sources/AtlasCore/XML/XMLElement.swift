import CXML

/// An element of a document whose names have namespaces (XML 1.0; Namespaces in XML 1.0), with its attribute `name` alone.
struct XMLElement: Sendable {
    let name: String
    /// The namespace's URI; blank where there is none.
    let space: String
    /// Its attribute `name`.
    let label: String?
    /// The characters between its children, in UTF-8.
    fileprivate(set) var octets: [UInt8] = []
    fileprivate(set) var children: [XMLElement] = []

    var text: String { String(decoding: octets, as: UTF8.self) }

    func first(_ name: String, _ space: String) -> XMLElement? {
        children.first { $0.name == name && $0.space == space }
    }

    func all(_ name: String, _ space: String) -> [XMLElement] {
        children.filter { $0.name == name && $0.space == space }
    }
}

extension XMLElement {
    enum Failure: Error {
        /// It is no well-formed XML, has a document type declaration, or is too deep or too large.
        case broken
        /// libxml2 is not installed.
        case missingLibrary
    }

    /// Reads a document.
    ///
    /// - Parameter mostElements: with more of them it counts as broken.
    init(parsing octets: [UInt8], mostElements: Int = 2_000_000) throws(Failure) {
        let builder = Builder(mostElements: mostElements)
        let answer = withExtendedLifetime(builder) {
            var events = atlas_xml_events(
                context: Unmanaged.passUnretained(builder).toOpaque(),
                start: { context, name, space, label, length in
                    let label = label.map {
                        String(decoding: UnsafeRawBufferPointer(start: $0, count: length), as: UTF8.self)
                    }
                    let element = XMLElement(
                        name: String(cString: name), space: space.map { String(cString: $0) } ?? "", label: label)
                    return Builder.of(context).start(element) ? 0 : 1
                },
                end: { context in Builder.of(context).end() },
                text: { context, text, length in
                    Builder.of(context).text(UnsafeRawBufferPointer(start: text, count: length))
                    return 0
                })
            return octets.withUnsafeBytes { octets -> Int32 in
                guard let start = octets.bindMemory(to: CChar.self).baseAddress else { return 0 }
                return atlas_xml_read(start, octets.count, &events)
            }
        }
        if answer < 0 { throw .missingLibrary }
        guard answer == 1, let root = builder.root else { throw .broken }
        self = root
    }

    /// Whether libxml2 can be opened.
    static var hasLibrary: Bool {
        do throws(Failure) {
            _ = try XMLElement(parsing: Array("<a/>".utf8))
            return true
        } catch { return error == .broken }
    }

    private final class Builder {
        private static let deepest = 64

        private let mostElements: Int
        private var open: [XMLElement] = []
        private var count = 0
        private(set) var root: XMLElement?

        init(mostElements: Int) { self.mostElements = mostElements }

        func start(_ element: XMLElement) -> Bool {
            count += 1
            guard count <= mostElements, open.count < Self.deepest else { return false }
            open.append(element)
            return true
        }

        func text(_ octets: UnsafeRawBufferPointer) {
            if !open.isEmpty { open[open.count - 1].octets += octets }
        }

        func end() {
            guard let last = open.popLast() else { return }
            if open.isEmpty { root = last } else { open[open.count - 1].children.append(last) }
        }

        /// The builder that a callback is for: it lives as long as the reading.
        static func of(_ context: UnsafeMutableRawPointer?) -> Builder {
            Unmanaged<Builder>.fromOpaque(context!).takeUnretainedValue()
        }
    }
}
