namespace Pltfrms.Iam.Client;

/// <summary>Who wants to act: the bearer of an access token, or a principal without the limits of a token.</summary>
public sealed class PermissionSubject
{
    private PermissionSubject(SubjectKind kind, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Kind = kind;
        Value = value;
    }

    internal enum SubjectKind
    {
        AccessToken,
        User,
        Client,
    }

    internal SubjectKind Kind { get; }

    internal string Value { get; }

    /// <summary>The bearer of an access token, which is introspected and limits the answer.</summary>
    public static PermissionSubject AccessToken(string accessToken) => new(SubjectKind.AccessToken, accessToken);

    /// <summary>A user, by id.</summary>
    public static PermissionSubject User(string userId) => new(SubjectKind.User, userId);

    /// <summary>A client, by id.</summary>
    public static PermissionSubject Client(string clientId) => new(SubjectKind.Client, clientId);

    /// <summary>Without a token's value, for a log that prints the object after all.</summary>
    public override string ToString() => Kind == SubjectKind.AccessToken ? "AccessToken" : $"{Kind} {Value}";
}
