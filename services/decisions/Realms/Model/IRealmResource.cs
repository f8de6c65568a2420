namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>Anything that lives in a realm and is addressed by kind and id: what the change log, the feed and the difference of documents speak of.</summary>
public interface IRealmResource
{
    string RealmId { get; }

    ResourceKind Kind { get; }

    /// <summary>Unique in the realm among resources of the kind.</summary>
    string Id { get; }
}
