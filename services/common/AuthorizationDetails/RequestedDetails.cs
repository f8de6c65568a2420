using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.AuthorizationDetails;

/// <summary>What a client asks for with <c>authorization_details</c>, as far as the realm knows it and the client may (RFC 9396 section 5).</summary>
public static class RequestedDetails
{
    /// <param name="realm">Declares the types.</param>
    /// <param name="client">Must be registered for each.</param>
    /// <param name="json">As sent; null or empty: nothing is asked for.</param>
    /// <exception cref="IamException">INVALID_AUTHORIZATION_DETAILS.</exception>
    public static ValueList<AuthorizationDetail> Read(Realm realm, Client client, string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return [];
        }

        var details = AuthorizationDetailList.Parse(json)
            ?? throw Refused($"authorization_details must be a JSON array of at most {AuthorizationDetailList.MaxDetails} objects with a type, and {AuthorizationDetailList.MaxLength} characters long at the most.");
        foreach (var detail in details)
        {
            Check(realm, client, detail);
        }

        return details;
    }

    /// <summary>What a token request may have of what was granted: all, or what it names.</summary>
    /// <exception cref="IamException">INVALID_AUTHORIZATION_DETAILS where it names more.</exception>
    public static ValueList<AuthorizationDetail> Narrow(ValueList<AuthorizationDetail> granted, ValueList<AuthorizationDetail> asked) =>
        asked.Count == 0 ? granted
        : asked.All(detail => granted.Any(detail.IsWithin)) ? asked
        : throw Refused("authorization_details has what was not granted.");

    private static void Check(Realm realm, Client client, AuthorizationDetail detail)
    {
        // One message for both: what types a realm has is nobody's business who may not use them.
        var type = DeclaredDetails.TypeOf(realm, detail.Type);
        if (type is null || !client.AuthorizationDetailsTypes.Contains(detail.Type))
        {
            throw Refused("authorization_details has a type that the client may not use.");
        }

        if (DetailSchema.Read(type.Schema).Schema?.Violation(detail.Json) is { } violation)
        {
            throw Refused($"authorization_details has an object of the type {type.Type} that is not valid: {violation}.");
        }

        if (type.Actions.Count > 0 && detail.Actions.Any(action => type.Actions.All(known => known.Action != action)))
        {
            throw Refused($"authorization_details has an action that the type {type.Type} does not have.");
        }
    }

    private static IamException Refused(string message) => new(ErrorReason.InvalidAuthorizationDetails, message);
}
