package dev.hark;

import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.json.JsonMapper;

/** The default: text for String, the bytes for byte[], JSON for all else. Types never come from a message. */
final class JsonCodecs implements Codecs {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Override
    @SuppressWarnings("unchecked") // each branch has just checked the type
    public <T> Codec<T> of(Class<T> type) {
        if (type == String.class) {
            return (Codec<T>) Codec.text();
        }
        if (type == byte[].class) {
            return (Codec<T>) Codec.bytes();
        }
        return json(type);
    }

    private static <T> Codec<T> json(Class<T> type) {
        checkOpen(type);
        JavaType javaType = MAPPER.constructType(type);
        ObjectReader reader = MAPPER.readerFor(javaType);
        ObjectWriter writer = MAPPER.writerFor(javaType);
        try {
            MAPPER._serializationContext().findTypedValueSerializer(javaType, true);
            checkMade(MAPPER._deserializationContext().findRootValueDeserializer(javaType));
        } catch (RuntimeException e) {
            throw new InvalidInputException(
                    "bodies of " + type.getName() + " cannot be read or written as JSON: " + e.getMessage()
                            + "; give a Codec instead",
                    e);
        }
        return new Codec<>() {
            @Override
            public byte[] encode(T body) {
                return writer.writeValueAsBytes(body);
            }

            @Override
            public T decode(byte[] bytes) {
                return reader.readValue(bytes);
            }
        };
    }

    /** A reader is found for every type, even one that nothing can be made of: that would show with the first message. */
    private static void checkMade(ValueDeserializer<?> reader) {
        if (reader instanceof AbstractDeserializer
                || (reader instanceof BeanDeserializerBase bean
                        && !bean.getValueInstantiator().canInstantiate())) {
            throw new IllegalArgumentException(
                    "nothing can be made of it, since it is abstract or has neither a constructor without arguments nor"
                            + " one marked as creator");
        }
    }

    private static void checkOpen(Class<?> type) {
        Module module = type.getModule();
        String pack = type.getPackageName();
        if (module.isNamed()
                && !type.isArray()
                && !type.isPrimitive()
                && !type.getPackageName().startsWith("java.")) {
            Module json = JsonMapper.class.getModule();
            if (!module.isOpen(pack, json)) {
                throw new InvalidInputException("bodies of " + type.getName()
                        + " cannot be read as JSON: add 'opens " + pack + " to "
                        + (json.isNamed() ? json.getName() : "tools.jackson.databind") + ";' to the module-info of "
                        + module.getName());
            }
        }
    }
}
