import AtlasCore
import JSON
import Mustache

/// Fills Mustache templates.
public struct MustacheRenderer: TemplateRenderer {
    public init() {}

    public func render(_ template: String, with values: JSON.Object, escapesHTML: Bool) throws -> String {
        throw AtlasError(.internal, "not built")
    }
}
