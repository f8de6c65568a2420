using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>The answers that several actions give.</summary>
internal static class RegistrationRefusals
{
    /// <summary>Key of the metadata that tells a refused token of the client from refused credentials of the calling service.</summary>
    public const string Credential = "credential";

    public static IamException NotOffered() => new(ErrorReason.NotOffered, "The realm does not register clients.");

    /// <summary>One answer for no token, a wrong one, one that is over, and no such client: nobody learns which clients there are.</summary>
    public static IamException Unauthenticated() => new(ErrorReason.Unauthenticated, "The token is missing, or not good for this.")
    {
        Metadata = new Dictionary<string, string> { [Credential] = "registration" },
    };
}
