using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>The Authorization header of a request.</summary>
public static class AuthorizationHeader
{
    /// <summary>Its value; null where there is none.</summary>
    /// <exception cref="IamException">INVALID_REQUEST where there are several: nobody could say which one counts.</exception>
    public static string? Of(HttpRequest request)
    {
        var values = request.Headers.Authorization;
        return values.Count <= 1
            ? values.ToString() is { Length: > 0 } value ? value : null
            : throw new IamException(ErrorReason.InvalidRequest, "The request has more than one Authorization header.");
    }
}
