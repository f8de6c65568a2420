namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>What a client says about itself (RFC 7591 section 2). Nobody has checked any of it.</summary>
public sealed record ClientAbout
{
    private static readonly ClientAbout Nothing = new();

    public string? ClientUri { get; init; }

    public string? TosUri { get; init; }

    public string? PolicyUri { get; init; }

    /// <summary>In the client's order.</summary>
    public ValueList<string> Contacts { get; init; } = [];

    public string? SoftwareId { get; init; }

    public string? SoftwareVersion { get; init; }

    /// <summary>Its name by language, ordered by language.</summary>
    public ValueList<ClientName> Names { get; init; } = [];

    /// <summary>Null where nothing is said, so that most clients take no memory for it.</summary>
    public static ClientAbout? OrNull(ClientAbout? about) => about == Nothing ? null : about;
}

/// <summary>A client's name in one language.</summary>
/// <param name="Language">A language tag (RFC 5646).</param>
/// <param name="Name">The name.</param>
public sealed record ClientName(string Language, string Name);
