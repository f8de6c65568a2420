using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>One write that a caller asks for.</summary>
/// <param name="Kind">Of the resource.</param>
public abstract record ResourceOperation(ResourceKind Kind)
{
    /// <summary>Where it stands in the request, with a dot at the end: <c>operations[3].create_role.</c>; empty: it is the request.</summary>
    public string Prefix { get; init; } = "";
}

/// <param name="Kind">Of the resource.</param>
/// <param name="Resource">As sent; null: not set.</param>
public sealed record CreateResource(ResourceKind Kind, IMessage? Resource) : ResourceOperation(Kind);

/// <param name="Kind">Of the resource.</param>
/// <param name="Resource">As sent, with the id of the one to change; null: not set.</param>
/// <param name="Mask">The fields to change; null or empty: all.</param>
public sealed record UpdateResource(ResourceKind Kind, IMessage? Resource, FieldMask? Mask) : ResourceOperation(Kind);

/// <param name="Kind">Of the resource.</param>
/// <param name="Id">Of the resource.</param>
/// <param name="Etag">Empty: any state.</param>
/// <param name="Cascade">Whether what refers to it goes, or loses the reference, too.</param>
public sealed record DeleteResource(ResourceKind Kind, string Id, string Etag, bool Cascade) : ResourceOperation(Kind);
