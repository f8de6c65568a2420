namespace Pltfrms.Iam.Common.Authentication;

/// <summary>A text that somebody presents as a token.</summary>
/// <param name="Text">Sensitive.</param>
/// <param name="Hash">Its hash.</param>
public readonly record struct PresentedToken(string Text, TokenHash Hash)
{
    public PresentedToken(string text)
        : this(text, TokenHash.Of(text))
    {
    }

    /// <summary>Without the token, for a log that prints the record after all.</summary>
    public override string ToString() => nameof(PresentedToken);
}
