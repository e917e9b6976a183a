package dev.hark;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.deser.impl.InnerClassProperty;
import tools.jackson.databind.deser.impl.TypeWrappedDeserializer;
import tools.jackson.databind.deser.impl.UnsupportedTypeDeserializer;
import tools.jackson.databind.deser.std.ContainerDeserializerBase;
import tools.jackson.databind.ser.bean.BeanSerializerBase;

/**
 * Finds what can be written but never read. Jackson finds a reader for every type, even one that nothing can be made of: that
 * would show with the first message. So all that a body of a type consists of is looked at, as far as its type tells; what
 * has a reader of its own, or says its type in the JSON, is left alone.
 */
final class JsonTypes {

    private final DeserializationContext context;
    private final SerializationContext writing;
    private final Set<JavaType> seen = new HashSet<>();

    JsonTypes(DeserializationContext context, SerializationContext writing) {
        this.context = context;
        this.writing = writing;
    }

    /** Throws {@link IllegalArgumentException}, which names the place, if a body of the type cannot be read. */
    void check(JavaType type) {
        check(context.findRootValueDeserializer(type), type, type.getRawClass().getSimpleName());
    }

    private void check(@Nullable ValueDeserializer<?> reader, JavaType type, String place) {
        switch (reader) {
            case AbstractDeserializer none -> throw unreadable(place, type, "it is abstract");
            case UnsupportedTypeDeserializer none -> throw unreadable(place, type, "Jackson does not support it");
            case BeanDeserializerBase bean -> {
                if (!made(bean.getValueInstantiator(), type)) {
                    throw unreadable(
                            place, type, "it has neither a constructor without arguments nor one marked as creator");
                }
                checkProperties(bean, place);
            }
            case ContainerDeserializerBase<?> container ->
                checkContent(container.getContentDeserializer(), container.getContentType(), place);
            case null, default -> {
                if (type.isReferenceType()) {
                    JavaType content = type.getContentType();
                    if (content.getValueHandler() == null) {
                        checkContent(context.findRootValueDeserializer(content), content, place);
                    }
                }
            }
        }
    }

    /** From what is written of it: an object, where it is not written as a single value. */
    private boolean made(ValueInstantiator maker, JavaType type) {
        return maker.canCreateUsingDefault()
                || maker.canCreateFromObjectWith()
                || maker.canCreateUsingDelegate()
                || maker.canCreateUsingArrayDelegate()
                || (maker.canInstantiate()
                        && (type.isTypeOrSubTypeOf(Throwable.class) // made from its message
                                || !(writing.findValueSerializer(type) instanceof BeanSerializerBase)));
    }

    private void checkContent(@Nullable ValueDeserializer<?> reader, @Nullable JavaType content, String place) {
        if (content != null
                && content.getTypeHandler() == null
                && !(context.findRootValueDeserializer(content) instanceof TypeWrappedDeserializer)) {
            check(reader, content, place + "[]");
        }
    }

    private void checkProperties(BeanDeserializerBase bean, String place) {
        if (!seen.add(bean.getValueType())) {
            return;
        }
        for (Iterator<SettableBeanProperty> all = bean.properties(); all.hasNext(); ) {
            SettableBeanProperty property = all.next();
            String at = place + "." + property.getName();
            if (property.isIgnorable() || property.hasValueTypeDeserializer()) {
                continue; // it is not read, or the JSON says which type it is
            }
            if (property instanceof InnerClassProperty
                    && property.getValueDeserializer() instanceof BeanDeserializerBase b) {
                checkProperties(b, at); // made from the object around it
            } else {
                check(property.getValueDeserializer(), property.getType(), at);
            }
        }
    }

    private static IllegalArgumentException unreadable(String place, JavaType type, String why) {
        return new IllegalArgumentException(
                "nothing can be made of " + place + " (" + type.getRawClass().getTypeName() + "), since " + why);
    }
}
