/// How one element is to be shown, from its declarations.
struct ElementStyle {
    var isNotDisplayed = false
    var isHidden: Bool?
    var opacity = 1.0
    var fontSize: CSSLength?
    var color: CSSColor?
    /// Outer nil: not set. Inner nil: set to what is not known.
    var background: CSSColor??
    var width: CSSLength?
    var height: CSSLength?
    var maxWidth: CSSLength?
    var maxHeight: CSSLength?
    var isCut = false
    var isPositioned = false
    var offset = 0.0
    var marginOffset = 0.0
    var textIndent: Double?
    var isVanished = false
    var isHiddenInOffice = false
    var keepsBlanks: Bool?
    var hasNoMargin = false

    init() {}

    /// - Parameter declarations: in the order of the cascade; important ones win over all others.
    init(_ declarations: [CSSDeclaration]) {
        for declaration in declarations where !declaration.isImportant { apply(declaration.property) }
        for declaration in declarations where declaration.isImportant { apply(declaration.property) }
    }

    private mutating func apply(_ property: CSSDeclaration.Property) {
        switch property {
        case .display(let isNone): isNotDisplayed = isNone
        case .visibility(let isHidden): self.isHidden = isHidden
        case .opacity(let value): opacity = value
        case .fontSize(let size): fontSize = size
        case .color(let color): self.color = color
        case .background(let color): background = .some(color)
        case .width(let length): width = length
        case .height(let length): height = length
        case .maxWidth(let length): maxWidth = length
        case .maxHeight(let length): maxHeight = length
        case .overflow(let isCut): self.isCut = isCut
        case .positioned(let isPositioned): self.isPositioned = isPositioned
        case .offset(let length): offset = min(offset, length.pixels(of: 16))
        case .marginOffset(let length): marginOffset = min(marginOffset, length.pixels(of: 16))
        case .textIndent(let length): textIndent = length.pixels(of: 16)
        case .vanished(let isVanished): self.isVanished = self.isVanished || isVanished
        case .hiddenInOffice(let isHidden): isHiddenInOffice = isHidden
        case .keepsBlanks(let keeps): keepsBlanks = keeps
        case .noMargin: hasNoMargin = true
        }
    }

    /// Whether nothing within is seen, whatever it says of itself.
    var hidesAllWithin: Bool {
        func isNothing(_ length: CSSLength?) -> Bool { length.map { $0.pixels(of: 16) <= 1 } ?? false }
        let isFlat = isNothing(height) || isNothing(maxHeight)
        let isThin = isNothing(width) || isNothing(maxWidth)
        return isNotDisplayed || isHiddenInOffice || isVanished || opacity < 0.06
            || (isCut && (isFlat || isThin)) || (isFlat && isThin)
            || (isPositioned && offset <= -500) || marginOffset <= -500
    }
}

/// What text takes over from the elements around it.
struct InheritedStyle {
    var isHidden = false
    var fontSize = 16.0
    /// nil: nobody said.
    var color: CSSColor?
    /// nil: not known.
    var background: CSSColor? = .white
    var textIndent = 0.0
    var keepsBlanks = false

    /// Whether text in this style is not to be seen.
    var isUnseen: Bool {
        isHidden || fontSize <= 1 || textIndent <= -500
            || (color.map { color in background.map(color.vanishes) ?? (color.alpha < 0.06) } ?? false)
    }

    func with(_ style: ElementStyle, hasUnknownBackground: Bool) -> InheritedStyle {
        var inner = self
        if let isHidden = style.isHidden { inner.isHidden = isHidden }
        if let size = style.fontSize { inner.fontSize = size.pixels(of: fontSize) }
        if let color = style.color { inner.color = color }
        if hasUnknownBackground { inner.background = nil }
        if let background = style.background {
            // What is half transparent shows a colour that is a mixture.
            if let color = background, color.alpha < 0.06 {
            } else {
                inner.background = background.flatMap { $0.alpha > 0.94 ? $0 : nil }
            }
        }
        if let indent = style.textIndent { inner.textIndent = indent }
        if let keeps = style.keepsBlanks { inner.keepsBlanks = keeps }
        return inner
    }
}
