using Pltfrms.Iam.Common.Errors;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Token.Registration;

/// <summary>Who registers clients: realm-admin, where they are kept.</summary>
public interface IClientRegistrations
{
    /// <exception cref="IamException">UNAUTHENTICATED, NOT_OFFERED, ACCESS_DENIED, INVALID_REDIRECT_URI, INVALID_CLIENT_METADATA, INVALID_SOFTWARE_STATEMENT, UNAPPROVED_SOFTWARE_STATEMENT, SERVICE_UNAVAILABLE.</exception>
    Task<Wire.RegisteredClient> RegisterAsync(Wire.RegisterClientRequest request, CancellationToken cancellationToken);

    /// <exception cref="IamException">UNAUTHENTICATED, NOT_OFFERED, SERVICE_UNAVAILABLE.</exception>
    Task<Wire.RegisteredClient> ReadAsync(Wire.GetClientRegistrationRequest request, CancellationToken cancellationToken);

    /// <exception cref="IamException">As the two above.</exception>
    Task<Wire.RegisteredClient> UpdateAsync(Wire.UpdateClientRegistrationRequest request, CancellationToken cancellationToken);

    /// <summary>The realm's revision without it.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED, NOT_OFFERED, RESOURCE_IN_USE, SERVICE_UNAVAILABLE.</exception>
    Task<long> DeleteAsync(Wire.DeleteClientRegistrationRequest request, CancellationToken cancellationToken);

    /// <summary>Says which clients got tokens.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND, SERVICE_UNAVAILABLE.</exception>
    Task RecordUseAsync(Wire.RecordClientUseRequest request, CancellationToken cancellationToken);
}
