using Google.Protobuf;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Documents;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>A resource of a request that is right in itself; whether the realm can take it is still open.</summary>
/// <param name="Resource">As it will be stored.</param>
/// <param name="References">What it declares and what it refers to, each with its path.</param>
/// <param name="Edges">What it includes, is nested in or lies below.</param>
internal sealed record Draft(IRealmResource Resource, References References, IReadOnlyList<Cycles.Edge> Edges)
{
    /// <exception cref="IamException">INVALID_NAME, TEXT_TOO_LONG or INVALID_ARGUMENT with every violation.</exception>
    public static Draft Read(ResourceForm form, string realmId, bool platform, IMessage message, string path)
    {
        var errors = new DocumentErrors();
        var references = new References(errors, platform);
        List<Cycles.Edge> edges = [];
        var resource = form.Read(new Fields(MessageNode.Of(message, path, form.NotRead), errors, references), realmId, references, edges);
        errors.ThrowForRequestIfAny();
        return new Draft(resource ?? throw new InvalidOperationException("A resource without errors was not read."), references, edges);
    }

    /// <exception cref="IamException">CROSS_REALM_REFERENCE.</exception>
    public static void RefuseOtherRealm(string realmId, string fieldRealmId, string path)
    {
        if (fieldRealmId.Length > 0 && fieldRealmId != realmId)
        {
            throw new IamException(ErrorReason.CrossRealmReference, $"{path}: must be empty or '{realmId}', the realm of the request")
            {
                Violations = [new FieldViolation(path, $"must be empty or '{realmId}', the realm of the request")],
            };
        }
    }
}
