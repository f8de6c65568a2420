using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.Registration;

/// <summary>The initial or the registration access token of a request: in its Authorization header only (RFC 6750 section 2.1).</summary>
internal static class RegistrationToken
{
    private const int MaxLength = 512;

    /// <summary>Empty: there is none.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED for credentials of another kind; INVALID_REQUEST for several.</exception>
    public static string Find(HttpRequest request)
    {
        if (AuthorizationHeader.Of(request) is not { } header)
        {
            return "";
        }

        return BearerCredential.Of(header) is { Length: > 0 and <= MaxLength } token && token.All(char.IsAscii) ? token : throw Refused();
    }

    /// <exception cref="IamException">UNAUTHENTICATED, INVALID_REQUEST.</exception>
    public static string Require(HttpRequest request) => Find(request) is { Length: > 0 } token ? token : throw Refused();

    private static IamException Refused() => new(ErrorReason.Unauthenticated, "The token is missing, or not good for this.");
}
